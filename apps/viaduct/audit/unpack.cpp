// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/unpack.hpp"

#include "audit/device_files.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <memory>
#include <utility>

namespace viaduct::app::audit {
namespace {

constexpr std::size_t kMaxEntries = 100'000;    ///< of one archive
constexpr std::size_t kMaxUnpacked = 1U << 30;  ///< octets, of one archive and all in it
constexpr int kMaxDepth = 4;

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

[[nodiscard]] Archive opened(const std::string& octets) {
  Archive reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_raw(reader.get());  // one packed file
  // What cannot be opened says so again with its first entry.
  static_cast<void>(archive_read_open_memory(reader.get(), octets.data(), octets.size()));
  return reader;
}

/// Goes on to the next file; `path` is empty of a single packed one.
[[nodiscard]] int next(archive* reader, std::string& path) {
  for (;;) {
    archive_entry* entry = nullptr;
    int status = archive_read_next_header(reader, &entry);
    if (status == ARCHIVE_WARN) status = ARCHIVE_OK;
    if (status != ARCHIVE_OK) return status;
    const bool raw = archive_format(reader) == ARCHIVE_FORMAT_RAW;
    if (!raw && archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* const named = archive_entry_pathname(entry);
    path = raw || named == nullptr ? std::string() : named;
    return status;
  }
}

/// Octets of the entry, of which `left` is taken; one more than a file may have at most, so that too long can be told.
[[nodiscard]] std::string content(archive* reader, std::size_t& left) {
  std::string octets;
  char buffer[65536];
  la_ssize_t got = 0;
  while (octets.size() <= kMaxOctets && left > 0 && (got = archive_read_data(reader, buffer, sizeof buffer)) > 0) {
    octets.append(buffer, static_cast<std::size_t>(got));
    left -= std::min(left, static_cast<std::size_t>(got));
  }
  return octets;
}

void skip(archive* reader, std::size_t& left) {
  char buffer[65536];
  la_ssize_t got = 0;
  while (left > 0 && (got = archive_read_data(reader, buffer, sizeof buffer)) > 0)
    left -= std::min(left, static_cast<std::size_t>(got));
}

class Unpacking {
 public:
  explicit Unpacking(const std::function<void(Source)>& take) : take_(take) {}

  void run(const std::string& name, const std::string& octets, int depth) {
    const DeviceRoots roots = roots_of(octets);
    DeviceFiles files(name, roots, take_);
    const Archive reader = opened(octets);
    int status = ARCHIVE_OK;
    std::size_t count = 0;
    for (; count < kMaxEntries && left_ > 0; ++count) {
      std::string path;
      status = next(reader.get(), path);
      if (status != ARCHIVE_OK) break;
      hand_out(name, path, content(reader.get(), left_), depth, files);
    }
    files.hand_out();
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
  /// The archive is looked through before it is unpacked: which folders are of an OpenWrt.
  [[nodiscard]] DeviceRoots roots_of(const std::string& octets) const {
    DeviceRoots roots;
    const Archive reader = opened(octets);
    std::size_t left = left_;
    std::string path;
    int status = ARCHIVE_OK;
    for (std::size_t count = 0; count < kMaxEntries && left > 0; ++count) {
      status = next(reader.get(), path);
      if (status != ARCHIVE_OK || path.empty()) break;
      if (DeviceRoots::asks_for(path)) {
        roots.add(path, content(reader.get(), left));
      } else {
        roots.add(path, {});
        skip(reader.get(), left);
      }
    }
    if (status != ARCHIVE_EOF) roots.cut();
    return roots;
  }

  /// `path`: empty of a single packed file.
  void hand_out(const std::string& name, const std::string& path, std::string octets, int depth, DeviceFiles& files) {
    if (packed(octets) && octets.size() <= kMaxOctets && depth < kMaxDepth) {
      run(named(name, path), octets, depth + 1);
      files.leave(path, false);
    } else {
      files.add(path, std::move(octets));
    }
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
