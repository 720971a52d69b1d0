// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/unpack.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace viaduct::app::audit {
namespace {

constexpr std::size_t kMaxEntries = 100'000;    ///< of one archive
constexpr std::size_t kMaxUnpacked = 1U << 30;  ///< octets, of one archive and all in it
constexpr int kMaxDepth = 4;

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

/// What one OpenWrt keeps in a backup: its files by their path, "etc/config/firewall".
using Box = std::vector<std::pair<std::string, std::string>>;

/// Where "etc/config/..." begins in a path of an archive; npos for what is none of it.
[[nodiscard]] std::size_t etc_in(std::string_view path) {
  const std::size_t at = path.find("etc/");
  return at == 0 || (at != std::string_view::npos && path[at - 1] == '/') ? at : std::string_view::npos;
}

/// What of a backup says something of the firewall, its release and its timers; keys and passwords are in others.
[[nodiscard]] bool tells(std::string_view path) {
  static constexpr std::array<std::string_view, 7> kFiles{"etc/openwrt_release",
                                                          "etc/os-release",
                                                          "etc/openwrt_version",
                                                          "etc/sysctl.conf",
                                                          "etc/firewall.user",
                                                          "etc/rc.local",
                                                          "etc/backup/installed_packages.txt"};
  static constexpr std::array<std::string_view, 5> kSettings{
      "etc/config/firewall", "etc/config/system", "etc/config/network", "etc/config/sqm", "etc/config/qosify"};
  static constexpr std::array<std::string_view, 3> kFolders{"etc/sysctl.d/", "etc/nftables.d/", "etc/modules.d/"};
  return std::ranges::find(kFiles, path) != kFiles.end() || std::ranges::find(kSettings, path) != kSettings.end() ||
         std::ranges::any_of(kFolders, [&](std::string_view folder) { return path.starts_with(folder); });
}

/// "backups.tar.gz:site7/r1.cfg"; the archive itself where `path` is empty.
[[nodiscard]] std::string named(const std::string& archive, std::string_view path) {
  std::string name = archive;
  if (!path.empty() && !archive.ends_with('/')) name += ':';
  name += path;
  return name;
}

/// As `tail` prints several files, which readers know.
[[nodiscard]] std::string one_text(const Box& box) {
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

class Unpacking {
 public:
  explicit Unpacking(const std::function<void(Source)>& take) : take_(take) {}

  void run(const std::string& name, const std::string& octets, int depth) {
    const Archive reader(archive_read_new());
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_raw(reader.get());  // one packed file
    std::map<std::string, Box> boxes;
    int status = archive_read_open_memory(reader.get(), octets.data(), octets.size());
    archive_entry* entry = nullptr;
    std::size_t count = 0;
    for (; status == ARCHIVE_OK && count < kMaxEntries && left_ > 0; ++count) {
      status = archive_read_next_header(reader.get(), &entry);
      if (status == ARCHIVE_WARN) status = ARCHIVE_OK;
      if (status != ARCHIVE_OK) break;
      const bool raw = archive_format(reader.get()) == ARCHIVE_FORMAT_RAW;
      if (!raw && archive_entry_filetype(entry) != AE_IFREG) continue;
      const char* const path = archive_entry_pathname(entry);
      hand_out(name, raw || path == nullptr ? std::string() : path, content(reader.get()), depth, boxes);
    }
    for (const auto& [root, box] : boxes) hand_out(named(name, root), box);
    if (status == ARCHIVE_OK && left_ == 0)
      problem(name, "unpacks to more than 1 GB: the rest is left out");
    else if (status != ARCHIVE_EOF)
      problem(name, std::string("the archive is broken: ") + (archive_error_string(reader.get()) != nullptr
                                                                  ? archive_error_string(reader.get())
                                                                  : "too many files"));
    else if (count == 0)
      problem(name, "an archive that holds nothing");
  }

 private:
  [[nodiscard]] std::string content(archive* reader) {
    std::string octets;
    char buffer[65536];
    la_ssize_t got = 0;
    while (octets.size() <= kMaxOctets && left_ > 0 && (got = archive_read_data(reader, buffer, sizeof buffer)) > 0) {
      octets.append(buffer, static_cast<std::size_t>(got));
      left_ -= std::min(left_, static_cast<std::size_t>(got));
    }
    return octets;
  }
  /// `path`: empty of a single packed file.
  void hand_out(const std::string& name, const std::string& path, std::string octets, int depth,
                std::map<std::string, Box>& boxes) {
    const std::string inner = named(name, path);
    if (packed(octets) && octets.size() <= kMaxOctets && depth < kMaxDepth) {
      run(inner, octets, depth + 1);
      return;
    }
    const std::size_t at = etc_in(path);
    if (at == std::string::npos || octets.size() > kMaxOctets) {
      take_(checked({.name = inner, .octets = std::move(octets)}));
      return;
    }
    std::string root = path.substr(0, at);
    if (root == "./") root.clear();
    boxes[root].emplace_back(path.substr(at), std::move(octets));
  }
  void hand_out(const std::string& name, const Box& box) {
    const bool openwrt =
        std::ranges::any_of(box, [](const auto& file) { return file.first.starts_with("etc/config/"); });
    if (!openwrt) {
      for (const auto& [path, octets] : box) take_(checked({.name = named(name, path), .octets = octets}));
      return;
    }
    Box told;
    for (const auto& file : box)
      if (tells(file.first)) told.push_back(file);
    take_(checked({.name = name, .octets = one_text(told)}));
  }
  void problem(const std::string& name, std::string words) {
    take_({.name = name, .octets = {}, .problem = std::move(words)});
  }

  const std::function<void(Source)>& take_;
  std::size_t left_ = kMaxUnpacked;
};

}  // namespace

Source checked(Source source) {
  if (source.octets.size() <= kMaxOctets) return source;
  source.octets.clear();
  source.problem = "longer than 64 MB: no configuration";
  return source;
}

bool packed(const std::string& octets) {
  const auto begins = [&](const char* magic, std::size_t size) { return octets.compare(0, size, magic, size) == 0; };
  return begins("\x1f\x8b", 2) || begins("PK\x03\x04", 4) || begins("BZh", 3) ||
         begins(
             "\xfd"
             "7zXZ",
             5) ||
         begins("\x28\xb5\x2f\xfd", 4) || (octets.size() > 262 && octets.compare(257, 5, "ustar") == 0);
}

void unpack(const std::string& name, const std::string& octets, const std::function<void(Source)>& take) {
  Unpacking(take).run(name, octets, 1);
}

}  // namespace viaduct::app::audit
