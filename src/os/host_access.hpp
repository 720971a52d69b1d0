// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/problem.hpp"
#include "os/process.hpp"

#include <string>
#include <vector>

namespace viaduct::os {

/// What the host commands (kernel_alg, firewall, flowtable, qos) ask of the box: programs, files, nftables.
/// One real twin (SystemHost) and, in tests, one that answers from recorded outputs and a made-up file tree.
/// Paths are absolute. Not for hot paths.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  /// Runs a program with exactly these arguments; see os/process.hpp.
  [[nodiscard]] virtual Result<ProcessOutcome> run(const std::vector<std::string>& arguments,
                                                   const std::string& input) = 0;
  [[nodiscard]] Result<ProcessOutcome> run(const std::vector<std::string>& arguments) { return run(arguments, {}); }
  /// True when a program of that name is in PATH.
  [[nodiscard]] virtual bool has_program(const std::string& name) = 0;

  [[nodiscard]] virtual Result<std::string> read(const std::string& path) = 0;
  /// Replaces the file as a whole and keeps its mode; a new file gets `mode`. Missing folders are made.
  [[nodiscard]] virtual Result<void> write(const std::string& path, const std::string& content, unsigned mode) = 0;
  /// Writes one value to a file below /proc/sys.
  [[nodiscard]] virtual Result<void> set(const std::string& path, const std::string& value) = 0;
  /// A missing file is no error.
  [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
  /// Names in a folder, sorted; empty when there is no such folder.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& folder) = 0;

  /// All nftables rules as `nft -j list ruleset` prints them.
  [[nodiscard]] virtual Result<std::string> ruleset_json() = 0;
};

/// The box this process runs on, in the caller's network namespace.
class SystemHost final : public Host {
 public:
  using Host::run;
  [[nodiscard]] Result<ProcessOutcome> run(const std::vector<std::string>& arguments,
                                           const std::string& input) override;
  [[nodiscard]] bool has_program(const std::string& name) override;
  [[nodiscard]] Result<std::string> read(const std::string& path) override;
  [[nodiscard]] Result<void> write(const std::string& path, const std::string& content, unsigned mode) override;
  [[nodiscard]] Result<void> set(const std::string& path, const std::string& value) override;
  [[nodiscard]] Result<void> remove(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& folder) override;
  [[nodiscard]] Result<std::string> ruleset_json() override;
};

/// A program to run, as it would be typed, with its standard input.
struct Step {
  std::vector<std::string> arguments;
  std::string input;

  /// Quoted for a shell; an input is shown as a here-string.
  [[nodiscard]] std::string to_text() const;
  friend bool operator==(const Step&, const Step&) = default;
};

/// Runs the step; an exit code other than 0 is a failure that carries the program's own words.
[[nodiscard]] Result<void> carry_out(Host& host, const Step& step);

/// `content` with `block` between two marker lines (`# viaduct begin ...`, `# viaduct end`): in place of what the
/// markers hold already, else at octet `at` (npos: at the end). An empty block takes the markers away.
[[nodiscard]] std::string with_block(const std::string& content, const std::string& block,
                                     std::size_t at = std::string::npos);

/// The text between our markers; empty when there are none.
[[nodiscard]] std::string block_in(const std::string& content);

}  // namespace viaduct::os
