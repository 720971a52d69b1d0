// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sources.hpp"

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

/// A shell makes pipes of `<(command)`, with names like these; nobody knows whether somebody will ever write into another one.
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

/// Regular files below `root`, hidden folders left out, by name.
[[nodiscard]] std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (name.starts_with('.') && at->is_directory(ignored)) at.disable_recursion_pending();
    if (at->is_regular_file(ignored)) files.push_back(at->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::expected<void, std::string> for_each_source(const std::vector<std::string>& paths,
                                                 const std::function<void(Source)>& take) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && !fs::exists(path, error)) return std::unexpected(path + ": " + std::strerror(error ? error.value() : ENOENT));
  }
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      take_octets("standard input", read_all(stdin), take);
    } else if (fs::is_directory(path, error)) {
      for (const fs::path& file : files_below(path)) take_file(file, take);
    } else {
      take_file(path, take);
    }
  }
  return {};
}

}  // namespace viaduct::app::audit
