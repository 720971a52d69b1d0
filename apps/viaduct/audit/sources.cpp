// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/sources.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace viaduct::app::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 100'000;  ///< of one archive

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

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

[[nodiscard]] Source checked(Source source) {
  if (source.octets.size() <= kMaxOctets) return source;
  source.octets.clear();
  source.problem = "longer than 64 MB: no configuration";
  return source;
}

[[nodiscard]] bool packed(const std::string& octets) {
  const auto begins = [&](const char* magic, std::size_t size) { return octets.compare(0, size, magic, size) == 0; };
  return begins("\x1f\x8b", 2) || begins("PK\x03\x04", 4) || begins("BZh", 3) || begins("\xfd" "7zXZ", 5) ||
         begins("\x28\xb5\x2f\xfd", 4) || (octets.size() > 262 && octets.compare(257, 5, "ustar") == 0);
}

[[nodiscard]] std::string entry_octets(archive* reader) {
  std::string octets;
  char buffer[65536];
  la_ssize_t got = 0;
  while (octets.size() <= kMaxOctets && (got = archive_read_data(reader, buffer, sizeof buffer)) > 0)
    octets.append(buffer, static_cast<std::size_t>(got));
  return octets;
}

/// Each file of an archive; an archive within one is handed out as it is, which is no text.
void unpack(const std::string& name, const std::string& octets, const std::function<void(Source)>& take) {
  const Archive reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_raw(reader.get());  // one packed file
  int status = archive_read_open_memory(reader.get(), octets.data(), octets.size());
  archive_entry* entry = nullptr;
  for (std::size_t count = 0; status == ARCHIVE_OK && count < kMaxEntries; ++count) {
    status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_WARN) status = ARCHIVE_OK;
    if (status != ARCHIVE_OK) break;
    const bool raw = archive_format(reader.get()) == ARCHIVE_FORMAT_RAW;
    if (!raw && archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* const path = archive_entry_pathname(entry);
    std::string inner = raw || path == nullptr ? name : name + ":" + path;
    take(checked({.name = std::move(inner), .octets = entry_octets(reader.get())}));
  }
  if (status != ARCHIVE_EOF)
    take({.name = name, .octets = {}, .problem = std::string("the archive is broken: ") + (archive_error_string(reader.get()) != nullptr ? archive_error_string(reader.get()) : "too many files")});
}

void take_octets(std::string name, std::string octets, const std::function<void(Source)>& take) {
  if (packed(octets))
    unpack(name, octets, take);
  else
    take(checked({.name = std::move(name), .octets = std::move(octets)}));
}

void take_file(const fs::path& path, const std::function<void(Source)>& take) {
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

void take_directory(const fs::path& root, const std::function<void(Source)>& take) {
  std::vector<Found> found;
  files_below(root, found);
  std::ranges::sort(found, {}, &Found::path);
  for (Found& one : found)
    if (one.problem.empty())
      take_file(one.path, take);
    else
      take({.name = one.path.string(), .octets = {}, .problem = std::move(one.problem)});
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
      take_directory(path, take);
    } else {
      take_file(path, take);
    }
  }
  return {};
}

}  // namespace viaduct::app::audit
