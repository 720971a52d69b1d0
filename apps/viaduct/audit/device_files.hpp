// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/sources.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace viaduct::app::audit {

/// "backups.tar.gz:site7/r1.cfg", "backups/site7/r1.cfg" where `from` ends with a slash; `from` itself where `path` is
/// empty.
[[nodiscard]] std::string named(const std::string& from, std::string_view path);

/// Which folders of an archive or of a directory are the /etc of an OpenWrt. What is in it is looked through once
/// before it is read: then no more is held than what one device after the other needs, in whatever order it comes.
class DeviceRoots {
 public:
  /// Whether add() wants to see what is in the file.
  [[nodiscard]] static bool asks_for(std::string_view path);
  /// Of each file, once; `octets` of those that are asked for.
  void add(const std::string& path, std::string_view octets);
  /// The device that the file belongs to, as a folder that ends with a slash ("site7/r1/etc/") or is empty; null: none.
  [[nodiscard]] const std::string* of(std::string_view path) const;
  /// The archive ends too early, or is too large to be looked through.
  void cut() { whole_ = false; }
  [[nodiscard]] bool whole() const { return whole_; }
  /// How many files each has.
  [[nodiscard]] std::map<std::string, std::size_t> counted() const;

 private:
  std::set<std::string, std::less<>> roots_;
  std::vector<std::string> paths_;
  bool whole_ = true;
};

/// Holds the files of an OpenWrt until the last of them has come, and makes one text of those that tell something, with
/// what they run; everything else is handed out as it comes. Logs, lists and packages are not held. Of more than
/// kMaxOctets the rest is left out, and that is told as a doubt about the device.
class DeviceFiles {
 public:
  /// `from` names what they come out of; `roots` and `take` are borrowed.
  DeviceFiles(std::string from, const DeviceRoots& roots, const std::function<void(Source)>& take)
      : from_(std::move(from)), roots_(roots), take_(take), awaited_(roots.counted()) {}

  /// Of each file that the roots were told of either this, or leave().
  void add(const std::string& path, std::string octets);
  /// The file is read as an archive, or is `lost`: cannot be read.
  void leave(const std::string& path, bool lost);
  /// To be called at the end: what is still held.
  void hand_out();

 private:
  /// What one device keeps: its files by their path, "etc/config/firewall".
  struct Box {
    std::map<std::string, std::string> files;
    std::size_t held = 0;            ///< octets
    std::set<std::string> left_out;  ///< files that tell something and are not here
  };

  /// False: it is for none but itself.
  bool hold(const std::string& root, const std::string& path, std::string& octets);
  void alone(const std::string& path, std::string octets);
  void came(const std::string& root);
  void hand_out(const std::string& root, Box& box);

  std::string from_;
  const DeviceRoots& roots_;
  const std::function<void(Source)>& take_;
  std::map<std::string, std::size_t> awaited_;  ///< files that did not come yet, by root
  std::map<std::string, Box> boxes_;
  std::size_t held_ = 0;  ///< octets in all boxes
};

}  // namespace viaduct::app::audit
