// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/device_files.hpp"

#include "audit/unpack.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace viaduct::app::audit {
namespace {

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

/// Whether it is a file of UCI: other systems have a folder etc/config, too.
[[nodiscard]] bool of_openwrt(const std::string& path, const std::string& octets) {
  static constexpr std::array<std::string_view, 3> kFiles{"etc/config/firewall", "etc/config/network",
                                                          "etc/config/system"};
  return std::ranges::find(kFiles, path) != kFiles.end() &&
         (octets.starts_with("config ") || octets.find("\nconfig ") != std::string::npos);
}

/// The files that sections `include` of the firewall name: `option path '/etc/sip.sh'`.
[[nodiscard]] std::set<std::string> included(std::string_view firewall) {
  constexpr std::string_view kOption = "option path ";
  std::set<std::string> paths;
  for (std::size_t at = firewall.find(kOption); at != std::string_view::npos; at = firewall.find(kOption, at + 1)) {
    const std::string_view rest = firewall.substr(at + kOption.size());
    const std::size_t begin = std::min(rest.find_first_not_of(" '\"/"), rest.size());
    paths.emplace(rest.substr(begin, rest.find_first_of(" '\"\r\n", begin) - begin));
  }
  return paths;
}

/// As `tail` prints several files, which readers know.
[[nodiscard]] std::string one_text(const std::vector<std::pair<std::string, std::string>>& box) {
  constexpr std::string_view kSettings = "etc/config/";
  std::string text;
  for (const auto& [path, octets] : box) {
    text += "==> /" + path + " <==\n";
    if (path.starts_with(kSettings)) text += "package " + path.substr(kSettings.size()) + "\n";
    text += octets;
    if (!octets.empty() && octets.back() != '\n') text += '\n';
  }
  return text;
}

}  // namespace

std::size_t etc_in(std::string_view path) {
  const std::size_t at = path.find("etc/");
  return at == 0 || (at != std::string_view::npos && path[at - 1] == '/') ? at : std::string_view::npos;
}

std::string named(const std::string& from, std::string_view path) {
  std::string name = from;
  if (!path.empty() && !from.ends_with('/')) name += ':';
  name += path;
  return name;
}

void DeviceFiles::add(const std::string& path, std::string octets) {
  const std::size_t at = etc_in(path);
  if (full_ || at == std::string::npos || octets.size() > kMaxOctets) {
    take_(checked({.name = named(from_, path), .octets = std::move(octets)}));
    return;
  }
  held_ += octets.size();
  boxes_[path.substr(0, at)].emplace_back(path.substr(at), std::move(octets));
  if (held_ <= kMaxOctets) return;
  full_ = true;
  for (auto& [root, box] : boxes_) each(root, box);
  boxes_.clear();
  take_({.name = from_,
         .octets = {},
         .problem =
             "more than 64 MB in folders of the name etc: which of their files are of one device is not looked for"});
}

void DeviceFiles::hand_out() {
  for (auto& [root, box] : boxes_) hand_out(root, box);
  boxes_.clear();
  held_ = 0;
}

void DeviceFiles::hand_out(const std::string& root, Box& box) {
  if (std::ranges::none_of(box, [](const auto& file) { return of_openwrt(file.first, file.second); })) {
    each(root, box);
    return;
  }
  std::set<std::string> named_files;
  for (const auto& [path, octets] : box)
    if (path == "etc/config/firewall") named_files = included(octets);
  std::erase_if(box, [&](const auto& file) { return !tells(file.first) && !named_files.contains(file.first); });
  take_(checked({.name = named(from_, root == "./" ? std::string() : root), .octets = one_text(box)}));
}

void DeviceFiles::each(const std::string& root, Box& box) {
  for (auto& [path, octets] : box) take_(checked({.name = named(from_, root + path), .octets = std::move(octets)}));
}

}  // namespace viaduct::app::audit
