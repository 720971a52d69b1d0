// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/device_files.hpp"

#include "audit/joined.hpp"
#include "audit/products/openwrt_run.hpp"
#include "audit/unpack.hpp"

#include <algorithm>
#include <array>

namespace viaduct::app::audit {
namespace {

constexpr std::string_view kEtc = "etc/";
/// Longer ones are lists and logs, not what a router runs.
constexpr std::size_t kMostOfScript = 1U << 20;

/// What one_text() puts before a file, and more.
constexpr std::size_t kHead = 64;

/// What of a backup says something of the firewall, its release and its timers; keys and passwords are in others.
[[nodiscard]] bool tells(std::string_view path) {
  static constexpr std::array<std::string_view, 8> kFiles{
      "etc/openwrt_release", "etc/os-release", "etc/openwrt_version", "etc/sysctl.conf",
      "etc/firewall.user",   "etc/rc.local",   "etc/udhcpc.user",     "etc/backup/installed_packages.txt"};
  static constexpr std::array<std::string_view, 5> kSettings{
      "etc/config/firewall", "etc/config/system", "etc/config/network", "etc/config/sqm", "etc/config/qosify"};
  static constexpr std::array<std::string_view, 6> kFolders{"etc/sysctl.d/",  "etc/nftables.d/", "etc/modules.d/",
                                                            "etc/hotplug.d/", "etc/init.d/",     "etc/crontabs/"};
  return std::ranges::find(kFiles, path) != kFiles.end() || std::ranges::find(kSettings, path) != kSettings.end() ||
         std::ranges::any_of(kFolders, [&](std::string_view folder) { return path.starts_with(folder); });
}

/// What no script is: other settings, keys, passwords, what a program wrote for itself.
[[nodiscard]] bool may_be_run(std::string_view path, const std::string& octets) {
  static constexpr auto kNever = std::to_array<std::string_view>(
      {"etc/config/", "etc/shadow", "etc/passwd", "etc/group", "etc/dropbear/", "etc/ssl/", "etc/ssh/"});
  return octets.size() <= kMostOfScript && octets.find('\0') == std::string::npos &&
         std::ranges::none_of(kNever, [&](std::string_view never) { return path.starts_with(never); });
}

/// Whether it is a file of UCI: other systems have a folder etc/config, too.
[[nodiscard]] bool of_uci(std::string_view octets) {
  return octets.starts_with("config ") || octets.find("\nconfig ") != std::string_view::npos;
}

/// What stands before "config/firewall", "config/network" or "config/system" at the end of a path; npos for others.
[[nodiscard]] std::size_t before_settings(std::string_view path) {
  for (const std::string_view file : {"config/firewall", "config/network", "config/system"}) {
    if (!path.ends_with(file)) continue;
    const std::size_t at = path.size() - file.size();
    if (at == 0 || path[at - 1] == '/') return at;
  }
  return std::string_view::npos;
}

[[nodiscard]] bool is_etc(std::string_view root) {
  return root == kEtc || root.ends_with("/etc/");
}

/// "site7/r1/" of "site7/r1/etc/"; a folder that is not called so stands for the device itself.
[[nodiscard]] std::string_view base_of(std::string_view root) {
  if (is_etc(root)) root.remove_suffix(kEtc.size());
  return root == "./" ? std::string_view() : root;
}

/// "etc/config/firewall" of "site7/r1/etc/config/firewall", "root/sip.sh" of "site7/r1/root/sip.sh".
[[nodiscard]] std::string inside(std::string_view root, const std::string& path) {
  if (path.starts_with(root)) return std::string(kEtc) + path.substr(root.size());
  return path.substr(root.size() - kEtc.size());
}

/// Of the files of a box those that tell something, and those that they name, and those that these name.
[[nodiscard]] std::set<std::string, std::less<>> wanted_of(const std::map<std::string, std::string>& files) {
  std::set<std::string, std::less<>> wanted;
  std::vector<std::string_view> fresh;
  for (const auto& [path, octets] : files)
    if (tells(path) && wanted.insert(path).second) fresh.push_back(octets);
  while (!fresh.empty()) {
    const std::string_view text = fresh.back();
    fresh.pop_back();
    for (const std::string_view path : viaduct::audit::products::paths_in(text))
      if (const auto at = files.find(std::string(path.substr(1)));
          at != files.end() && may_be_run(at->first, at->second) && wanted.insert(at->first).second)
        fresh.push_back(at->second);
  }
  return wanted;
}

/// As `tail` prints several files, which readers know.
[[nodiscard]] Source one_text(const std::map<std::string, std::string>& files,
                              const std::set<std::string, std::less<>>& wanted) {
  Source source;
  for (const auto& [path, octets] : files) {
    if (!wanted.contains(path)) continue;
    source.files.push_back("/" + path);
    source.octets += viaduct::audit::Joined::head(source.files.back()) + octets;
    if (!octets.empty() && octets.back() != '\n') source.octets += '\n';
  }
  return source;
}

}  // namespace

std::string named(const std::string& from, std::string_view path) {
  std::string name = from;
  if (!path.empty() && !from.ends_with('/')) name += ':';
  name += path;
  return name;
}

bool DeviceRoots::asks_for(std::string_view path) {
  return before_settings(path) != std::string_view::npos;
}

void DeviceRoots::add(const std::string& path, std::string_view octets) {
  paths_.push_back(path);
  const std::size_t at = before_settings(path);
  if (at == std::string::npos || !of_uci(octets)) return;
  // A folder of another name has to hold the firewall itself.
  const std::string root = path.substr(0, at);
  if (is_etc(root) || path.ends_with("firewall")) roots_.insert(root);
}

const std::string* DeviceRoots::of(std::string_view path) const {
  // No system opens a longer path, and no router keeps a file deeper below its folder: each step compares the whole.
  constexpr std::size_t kLongest = 4096;
  constexpr int kDeepest = 64;
  if (path.size() > kLongest) return nullptr;
  for (int step = 0; step < kDeepest && !roots_.empty(); ++step) {
    const std::size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash + 1);
    if (const auto root = roots_.find(path); root != roots_.end()) return &*root;
    // What root keeps at home is beside etc.
    if (path.ends_with("root/") && (path.size() == 5 || path[path.size() - 6] == '/'))
      if (const auto root = roots_.find(std::string(path.substr(0, path.size() - 5)) + std::string(kEtc));
          root != roots_.end())
        return &*root;
    if (path.empty()) break;
    path.remove_suffix(1);
  }
  return nullptr;
}

std::map<std::string, std::size_t> DeviceRoots::counted() const {
  std::map<std::string, std::size_t> counted;
  for (const std::string& path : paths_)
    if (const std::string* const root = of(path); root != nullptr) ++counted[*root];
  return counted;
}

void DeviceFiles::add(const std::string& path, std::string octets) {
  const std::string* const root = roots_.of(path);
  if (root == nullptr || !hold(*root, inside(*root, path), octets)) alone(path, std::move(octets));
  if (root != nullptr) came(*root);
}

void DeviceFiles::leave(const std::string& path, bool lost) {
  const std::string* const root = roots_.of(path);
  if (root == nullptr) return;
  const std::string there = inside(*root, path);
  if (lost && (tells(there) || tells(there + "/"))) boxes_[*root].left_out.insert(there);
  came(*root);
}

bool DeviceFiles::hold(const std::string& root, const std::string& path, std::string& octets) {
  const bool telling = tells(path);
  const bool of_system = is_etc(root) && path.starts_with(kEtc);
  if (!telling && !may_be_run(path, octets)) return of_system;
  // What may be run leaves room for what is known to tell something.
  const std::size_t most = telling ? kMaxOctets : kMaxOctets / 2;
  const std::size_t size = octets.size() + path.size() + kHead;
  Box& box = boxes_[root];
  if (size > most - std::min(held_, most)) {
    if (telling) box.left_out.insert(path);
    return telling || of_system;
  }
  held_ += size;
  box.held += size;
  box.files.insert_or_assign(path, std::move(octets));
  return true;
}

void DeviceFiles::alone(const std::string& path, std::string octets) {
  take_(checked({.name = named(from_, path), .octets = std::move(octets)}));
}

void DeviceFiles::came(const std::string& root) {
  if (--awaited_[root] > 0) return;
  const auto box = boxes_.find(root);
  if (box == boxes_.end()) return;
  hand_out(root, box->second);
  boxes_.erase(box);
}

void DeviceFiles::hand_out() {
  for (auto& [root, box] : boxes_) hand_out(root, box);
  boxes_.clear();
}

void DeviceFiles::hand_out(const std::string& root, Box& box) {
  held_ -= box.held;
  const std::string base(base_of(root));
  const std::set<std::string, std::less<>> wanted = wanted_of(box.files);
  Source source = one_text(box.files, wanted);
  source.name = named(from_, base);
  if (!roots_.whole())
    source.doubt = "the archive was not read to its end, and files of this device may be missing";
  else if (!box.left_out.empty())
    source.doubt = "not all files of this device were read (no more than 64 MB are, and what can be opened): /" +
                   *box.left_out.begin();
  take_(checked(std::move(source)));
  // Where root keeps it, or in a folder that is not called etc, there may be anything.
  for (auto& [path, octets] : box.files)
    if (!(is_etc(root) && path.starts_with(kEtc)) && !wanted.contains(path))
      alone(is_etc(root) ? base + path : root + path.substr(kEtc.size()), std::move(octets));
}

}  // namespace viaduct::app::audit
