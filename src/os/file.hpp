// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace viaduct::os {

/// A file that only grows, for the journal. Each append() is one write(); if it cannot be written whole
/// (disk full) the file is cut back, so that no half record stays before later ones.
class AppendFile {
 public:
  /// Opens or makes it with `mode`; refuses symbolic links and anything that is not a plain file.
  [[nodiscard]] static Result<AppendFile> open(const std::string& path, mode_t mode = 0600);
  [[nodiscard]] Result<void> append(base::Bytes data);
  /// Waits until the data is on the disk (fdatasync). Slow: milliseconds.
  [[nodiscard]] Result<void> sync();
  /// Cuts the file, e.g. behind the last whole record.
  [[nodiscard]] Result<void> truncate(std::uint64_t size);
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  AppendFile(Fd fd, std::string path, std::uint64_t size) : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}
  Fd fd_;
  std::string path_;
  std::uint64_t size_;
};

/// Makes the folder that is to hold `path`, if it is missing. The one above it must be there.
[[nodiscard]] Result<void> make_folder_of(const std::string& path, mode_t mode);

/// The whole file; `too_big` above `most` octets. Works for /proc files, whose size is unknown.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most = 64 * 1024 * 1024);

/// Readers see the old or the new content, never a mix, also after a power cut: written beside, synced, renamed.
[[nodiscard]] Result<void> replace_file(const std::string& path, base::Bytes content, mode_t mode = 0600);

/// Writes to an existing file such as one below /proc/sys in a single write().
[[nodiscard]] Result<void> write_setting(const std::string& path, base::Bytes value);

}  // namespace viaduct::os
