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

/// What is in a file; nothing where it cannot be read.
[[nodiscard]] std::string content(const fs::path& path) {
  const File file(would_wait(path) ? nullptr : std::fopen(path.c_str(), "rb"));
  return file == nullptr ? std::string() : read_all(file.get());
}

/// Which folders below `root` are the /etc of an OpenWrt.
[[nodiscard]] DeviceRoots roots_of(const std::vector<Found>& found, const fs::path& root) {
  DeviceRoots roots;
  for (const Found& one : found) {
    const std::string path = one.path.lexically_relative(root).generic_string();
    const bool asked = one.problem.empty() && DeviceRoots::asks_for(path);
    roots.add(path, asked ? content(one.path) : std::string());
  }
  return roots;
}

void take_directory(const fs::path& root, const std::function<void(Source)>& take) {
  std::vector<Found> found;
  files_below(root, found);
  std::ranges::sort(found, {}, &Found::path);
  const DeviceRoots roots = roots_of(found, root);
  DeviceFiles files(root.string().ends_with('/') ? root.string() : root.string() + "/", roots, take);
  for (Found& one : found) {
    const std::string path = one.path.lexically_relative(root).generic_string();
    bool held = false;
    bool lost = !one.problem.empty();
    // What came out of an archive, or could not be read, stands for itself.
    const auto hold = [&](Source source) {
      const bool same = source.name == one.path.string();
      held = source.problem.empty() && same;
      lost = !source.problem.empty() && same;
      held ? files.add(path, std::move(source.octets)) : take(std::move(source));
    };
    if (!one.problem.empty())
      take({.name = one.path.string(), .octets = {}, .problem = std::move(one.problem)});
    else
      take_file(one.path, roots.of(path) == nullptr ? take : hold);
    if (!held) files.leave(path, lost);
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
