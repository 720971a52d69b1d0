// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"

#include <map>
#include <string>
#include <vector>

namespace viaduct::hosttest {

/// The running box, but with its files below /etc in a temporary folder that starts empty: a test must never change
/// the configuration of the machine it runs on. Programs get the moved paths.
class BoxHost final : public os::Host {
 public:
  BoxHost();
  ~BoxHost() override;

  using Host::run;
  os::Result<os::ProcessOutcome> run(const std::vector<std::string>& arguments, const std::string& input) override;
  bool has_program(const std::string& name) override;
  os::Result<std::string> read(const std::string& path) override;
  os::Result<void> write(const std::string& path, const std::string& content, unsigned mode) override;
  os::Result<void> set(const std::string& path, const std::string& value) override;
  os::Result<void> remove(const std::string& path) override;
  std::vector<std::string> list(const std::string& folder) override;
  os::Result<std::string> ruleset_json() override;

 private:
  [[nodiscard]] std::string moved(const std::string& path) const;

  os::SystemHost system_;
  std::string root_;
};

/// A box that exists only as recorded answers and files. What would change it is written down instead.
class RecordedHost final : public os::Host {
 public:
  std::string ruleset = R"({"nftables": []})";  ///< what `nft -j list ruleset` prints
  std::map<std::string, std::string> outputs;   ///< by command line; a program named here exists
  std::map<std::string, std::string> files;     ///< by path
  std::vector<std::string> changes;             ///< commands without recorded output, in order

  using Host::run;
  os::Result<os::ProcessOutcome> run(const std::vector<std::string>& arguments, const std::string& input) override;
  bool has_program(const std::string& name) override;
  os::Result<std::string> read(const std::string& path) override;
  os::Result<void> write(const std::string& path, const std::string& content, unsigned mode) override;
  os::Result<void> set(const std::string& path, const std::string& value) override;
  os::Result<void> remove(const std::string& path) override;
  std::vector<std::string> list(const std::string& folder) override;
  os::Result<std::string> ruleset_json() override;
};

}  // namespace viaduct::hosttest
