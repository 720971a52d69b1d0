// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sources.hpp"

#include "audit/device_files.hpp"
#include "audit/unpack.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

namespace viaduct::app::audit {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// At most one octet more than is allowed, so that too long can be told from just fitting.
[[nodiscard]] std::string read_all(std::FILE* file) {
  constexpr std::size_t kPiece = 65536;
  std::string octets;
  // A short piece is the last one, or an error.
  for (std::size_t got = kPiece; got == kPiece && octets.size() <= kMaxOctets;) {
    const std::size_t before = octets.size();
    octets.resize(before + kPiece);
    got = std::fread(octets.data() + before, 1, kPiece, file);
    octets.resize(before + got);
  }
  return octets;
}

void take_octets(std::string name, std::string octets, const std::function<void(Source)>& take) {
  if (packed(octets))
    unpack(name, octets, take);
  else
    take(checked({.name = std::move(name), .octets = std::move(octets)}));
}

/// A shell makes pipes of `<(command)`, with names like these; nobody knows whether somebody will ever write into
/// another one.
[[nodiscard]] bool would_wait(const fs::path& path) {
  std::error_code ignored;
  const std::string name = path.string();
  return fs::is_fifo(path, ignored) && !name.starts_with("/dev/") && !name.starts_with("/proc/");
}

void take_file(const fs::path& path, const std::function<void(Source)>& take) {
  if (would_wait(path)) {
    take({.name = path.string(), .octets = {}, .problem = "a named pipe: give what comes out of it as standard input"});
    return;
  }
  const File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    take({.name = path.string(), .octets = {}, .problem = std::string("cannot be read: ") + std::strerror(errno)});
    return;
  }
  take_octets(path.string(), read_all(file.get()), take);
}

/// What a directory holds: a file, or a directory that cannot be read.
struct Found {
  fs::path path;
  std::string problem{};
};

/// Regular files below `root`, hidden folders left out.
void files_below(const fs::path& root, std::vector<Found>& found) {
  std::vector<fs::path> folders{root};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator at(folder, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      std::error_code ignored;
      const bool hidden = at->path().filename().string().starts_with('.');
      if (at->is_directory(ignored) && !at->is_symlink(ignored) && !hidden) folders.push_back(at->path());
      if (at->is_regular_file(ignored)) found.push_back({.path = at->path()});
    }
    if (error) found.push_back({.path = folder, .problem = "cannot be read: " + error.message()});
  }
}

/// What stands before `etc` in the paths of devices that may be an OpenWrt.
[[nodiscard]] std::set<std::string> openwrt_roots(const std::vector<Found>& found, const fs::path& root) {
  std::set<std::string> roots;
  for (const Found& one : found) {
    const std::string path = one.path.lexically_relative(root).generic_string();
    const std::size_t at = etc_in(path);
    if (at != std::string::npos && path.compare(at, std::string::npos, "etc/config/firewall") == 0)
      roots.insert(path.substr(0, at));
  }
  return roots;
}

/// What came out of an archive, or could not be read, stands for itself.
void hold(Source source, const fs::path& file, const std::string& path, DeviceFiles& files,
          const std::function<void(Source)>& take) {
  if (source.problem.empty() && source.name == file.string())
    files.add(path, std::move(source.octets));
  else
    take(std::move(source));
}

void take_directory(const fs::path& root, const std::function<void(Source)>& take) {
  std::vector<Found> found;
  files_below(root, found);
  std::ranges::sort(found, {}, &Found::path);
  const std::set<std::string> roots = openwrt_roots(found, root);
  DeviceFiles files(root.string().ends_with('/') ? root.string() : root.string() + "/", take);
  std::string last;  // the device whose files are held
  for (Found& one : found) {
    const std::string path = one.path.lexically_relative(root).generic_string();
    const std::size_t at = etc_in(path);
    const std::string device = at == std::string::npos ? std::string() : path.substr(0, at);
    const bool held = at != std::string::npos && roots.contains(device) && one.problem.empty();
    if (!held || device != last) files.hand_out();
    last = device;
    if (!one.problem.empty())
      take({.name = one.path.string(), .octets = {}, .problem = std::move(one.problem)});
    else if (held)
      take_file(one.path, [&](Source source) { hold(std::move(source), one.path, path, files, take); });
    else
      take_file(one.path, take);
  }
  files.hand_out();
}

}  // namespace

std::expected<void, std::string> for_each_source(const std::vector<std::string>& paths,
                                                 const std::function<void(Source)>& take) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && !fs::exists(path, error))
      return std::unexpected(path + ": " + std::strerror(error ? error.value() : ENOENT));
  }
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      take_octets("standard input", read_all(stdin), take);
    } else if (fs::is_directory(path, error)) {
      take_directory(path, take);
    } else {
      take_file(path, take);
    }
  }
  return {};
}

}  // namespace viaduct::app::audit
