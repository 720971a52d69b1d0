// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/spool.hpp"

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

namespace viaduct::app::analyze {

class Spool::Tee final : public capture::Inflow {
 public:
  Tee(std::unique_ptr<Inflow> from, Spool& spool) : from_(std::move(from)), spool_(spool) {}

  std::size_t read(char* into, std::size_t room) override {
    const std::size_t got = from_->read(into, room);
    spool_.keep({into, got});
    return got;
  }
  [[nodiscard]] capture::InflowEnd end() const override { return from_->end(); }

 private:
  std::unique_ptr<Inflow> from_;
  Spool& spool_;
};

std::unique_ptr<capture::Inflow> Spool::open(const std::string& path) {
  if (std::exchange(opened_, true)) {
    if (!is_kept() || ::lseek(copy_.get(), 0, SEEK_SET) != 0) return nullptr;
    return capture::inflow_of_descriptor(copy_.get(), false);
  }
  os::Fd input(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!input.valid()) return nullptr;
  std::error_code error;
  const std::string folder = std::filesystem::temp_directory_path(error).string();
  if (kept_ && !error) copy_ = os::Fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
  return std::make_unique<Tee>(capture::inflow_of_descriptor(input.release(), path != "-"), *this);
}

void Spool::keep(base::Bytes octets) {
  if (size_ + octets.size() > kMost) copy_.reset();
  while (copy_.valid() && !octets.empty()) {
    const ssize_t done = ::write(copy_.get(), octets.data(), octets.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return copy_.reset();
    octets.remove_prefix(static_cast<std::size_t>(done));
    size_ += static_cast<std::uint64_t>(done);
  }
}

}  // namespace viaduct::app::analyze
