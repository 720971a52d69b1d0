// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/sources.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace viaduct::app::audit {

/// Where "etc/..." begins in a path; npos for what is none of it.
[[nodiscard]] std::size_t etc_in(std::string_view path);

/// "backups.tar.gz:site7/r1.cfg", "backups/site7/r1.cfg" where `from` ends with a slash; `from` itself where `path` is
/// empty.
[[nodiscard]] std::string named(const std::string& from, std::string_view path);

/// Holds the files below `etc` of an archive or of a folder until it is known which of them are of one OpenWrt: those
/// are one text. No more than kMaxOctets of them: what has more is read file by file, and that is told as its problem.
class DeviceFiles {
 public:
  /// `from` names what they come out of; `take` is borrowed.
  DeviceFiles(std::string from, const std::function<void(Source)>& take) : from_(std::move(from)), take_(take) {}

  void add(const std::string& path, std::string octets);
  /// To be called at the end.
  void hand_out();

 private:
  /// What one device keeps: its files by their path, "etc/config/firewall".
  using Box = std::vector<std::pair<std::string, std::string>>;

  void hand_out(const std::string& root, Box& box);
  void each(const std::string& root, Box& box);

  std::string from_;
  const std::function<void(Source)>& take_;
  std::map<std::string, Box> boxes_;  ///< by what stands before `etc`
  std::size_t held_ = 0;              ///< octets
  bool full_ = false;
};

}  // namespace viaduct::app::audit
