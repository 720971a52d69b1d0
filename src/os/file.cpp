// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace viaduct::os {
namespace {

ssize_t write_some(int fd, base::Bytes data) {
  ssize_t n;
  do n = ::write(fd, data.data(), data.size());
  while (n < 0 && errno == EINTR);
  return n;
}

// Returns 0 or an errno.
int write_all(int fd, base::Bytes data) {
  while (!data.empty()) {
    const ssize_t n = write_some(fd, data);
    if (n < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

int sync_folder_of(const std::string& path) {
  const Fd fd(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.valid() && ::fsync(fd.get()) == 0 ? 0 : errno;
}

}  // namespace

Result<void> make_folder_of(const std::string& path, mode_t mode) {
  const std::string folder = folder_of(path);
  if (::mkdir(folder.c_str(), mode) == 0 || errno == EEXIST) return {};
  return fail_errno("make the folder " + folder, errno, errno == ENOENT ? "Make the one above it first." : "");
}

Result<AppendFile> AppendFile::open(const std::string& path, mode_t mode) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode));
  if (!fd.valid()) return fail_errno("open " + path, errno, errno == ENOENT ? "Make the folder first." : "");
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("look at " + path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Problem::invalid, "open " + path, "It is not a plain file.");
  return AppendFile(std::move(fd), path, static_cast<std::uint64_t>(status.st_size));
}

Result<void> AppendFile::append(base::Bytes data) {
  const ssize_t n = write_some(fd_.get(), data);
  if (n == static_cast<ssize_t>(data.size())) {
    size_ += data.size();
    return {};
  }
  const int error = n < 0 ? errno : ENOSPC;
  if (n > 0 && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0)
    return fail_errno("cut back " + path_ + " after a short write", errno, "Its last record is damaged.");
  return fail_errno("append to " + path_, error);
}

Result<void> AppendFile::sync() {
  if (::fdatasync(fd_.get()) != 0) return fail_errno("sync " + path_, errno);
  return {};
}

Result<void> AppendFile::truncate(std::uint64_t size) {
  if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return fail_errno("cut " + path_, errno);
  size_ = size;
  return {};
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path, errno);
  std::string content;
  for (;;) {
    const std::size_t at = content.size();
    content.resize(at + 16384);
    ssize_t n;
    do n = ::read(fd.get(), content.data() + at, 16384);
    while (n < 0 && errno == EINTR);
    if (n < 0) return fail_errno("read " + path, errno);
    content.resize(at + static_cast<std::size_t>(n));
    if (content.size() > most) return fail(Problem::too_big, "read " + path, "", most);
    if (n == 0) return content;
  }
}

Result<void> replace_file(const std::string& path, base::Bytes content, mode_t mode) {
  std::string beside = path + ".XXXXXX";
  const Fd fd(::mkostemp(beside.data(), O_CLOEXEC));
  if (!fd.valid()) return fail_errno("make a file beside " + path, errno);
  int error = write_all(fd.get(), content);
  if (error == 0 && (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0)) error = errno;
  if (error == 0 && ::rename(beside.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(beside.c_str());
    return fail_errno("write " + path, error);
  }
  error = sync_folder_of(path);
  if (error != 0) return fail_errno("sync the folder of " + path, error);
  return {};
}

Result<void> write_setting(const std::string& path, base::Bytes value) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno("open " + path, errno);
  const ssize_t n = write_some(fd.get(), value);
  if (n != static_cast<ssize_t>(value.size())) return fail_errno("write to " + path, n < 0 ? errno : EIO);
  return {};
}

}  // namespace viaduct::os
