// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/inflow.hpp"

#include "capture/octets.hpp"

#include <unistd.h>
#define ZLIB_CONST  // the input is not written to
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <zlib.h>
#include <zstd.h>

namespace viaduct::capture {
namespace {

class DescriptorInflow final : public Inflow {
 public:
  DescriptorInflow(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  DescriptorInflow(const DescriptorInflow&) = delete;
  DescriptorInflow& operator=(const DescriptorInflow&) = delete;
  ~DescriptorInflow() override {
    if (owned_) close(descriptor_);
  }

  std::size_t read(char* into, std::size_t room) override {
    if (ended_) return 0;
    ssize_t got = 0;
    do got = ::read(descriptor_, into, room);
    while (got < 0 && errno == EINTR);
    ended_ = got <= 0;
    failed_ = got < 0;
    return ended_ ? 0 : static_cast<std::size_t>(got);
  }
  [[nodiscard]] InflowEnd end() const override { return failed_ ? InflowEnd::read_failed : InflowEnd::whole; }

 private:
  int descriptor_;
  bool owned_;
  bool ended_ = false;
  bool failed_ = false;
};

class MemoryInflow final : public Inflow {
 public:
  explicit MemoryInflow(base::Bytes octets) : rest_(octets) {}

  std::size_t read(char* into, std::size_t room) override {
    const std::size_t size = std::min(room, rest_.size());
    if (size > 0) std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }

 private:
  base::Bytes rest_;
};

/// The compressed octets that an unpacker has not looked at yet.
class PackedInput {
 public:
  PackedInput(std::unique_ptr<Inflow> from, std::string first) : from_(std::move(from)), buffer_(std::move(first)) {
    left_ = buffer_.size();
    buffer_.resize(std::max(left_, kChunk));
  }

  /// Octets to work on; empty at the end of the file.
  [[nodiscard]] base::Bytes rest() {
    if (left_ == 0) {
      at_ = 0;
      left_ = from_->read(buffer_.data(), buffer_.size());
    }
    return {buffer_.data() + at_, left_};
  }
  void take(std::size_t size) {
    at_ += size;
    left_ -= size;
  }
  [[nodiscard]] InflowEnd end() const { return from_->end(); }

 private:
  static constexpr std::size_t kChunk = 65536;

  std::unique_ptr<Inflow> from_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t left_ = 0;
};

/// What the two unpackers share: an end, and whether it came inside of something.
class Unpacker : public Inflow {
 public:
  Unpacker(std::unique_ptr<Inflow> packed, std::string first) : input(std::move(packed), std::move(first)) {}

  std::size_t read(char* into, std::size_t room) final {
    while (!ended_) {
      const base::Bytes packed = input.rest();
      if (packed.empty() && !full_) {
        finish(input.end() != InflowEnd::whole ? input.end() : inside ? InflowEnd::compressed_cut : InflowEnd::whole);
        break;
      }
      const std::size_t made = step(packed, into, room);
      full_ = made == room;  // then more may be waiting inside the library, even behind the last packed octet
      if (made > 0) return made;
    }
    return 0;
  }
  [[nodiscard]] InflowEnd end() const final { return end_; }

 protected:
  /// Unpacks some of `packed`, takes it off input, returns how many octets that made; may be 0.
  virtual std::size_t step(base::Bytes packed, char* into, std::size_t room) = 0;
  void finish(InflowEnd end) {
    ended_ = true;
    end_ = end;
  }

  PackedInput input;
  bool inside = true;  ///< of a member or frame that has not come to its end

 private:
  bool full_ = false;
  bool ended_ = false;
  InflowEnd end_ = InflowEnd::whole;
};

class GzipInflow final : public Unpacker {
 public:
  GzipInflow(std::unique_ptr<Inflow> packed, std::string first) : Unpacker(std::move(packed), std::move(first)) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) finish(InflowEnd::compressed_broken);
  }
  GzipInflow(const GzipInflow&) = delete;
  GzipInflow& operator=(const GzipInflow&) = delete;
  ~GzipInflow() override { inflateEnd(&stream_); }

 private:
  std::size_t step(base::Bytes packed, char* into, std::size_t room) override {
    // Behind the last member padding is allowed (RFC 1952 says nothing of it, tapes and gzip do).
    if (!inside && !packed.starts_with('\x1f')) {
      finish(InflowEnd::whole);
      return 0;
    }
    if (!inside) inflateReset(&stream_);
    inside = true;
    stream_.next_in = reinterpret_cast<const Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1U << 30));
    const std::size_t asked = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input.take(packed.size() - stream_.avail_in);
    if (status == Z_STREAM_END)
      inside = false;
    else if (status != Z_OK && status != Z_BUF_ERROR)
      finish(InflowEnd::compressed_broken);
    return asked - stream_.avail_out;
  }

  z_stream stream_{};
};

class ZstdInflow final : public Unpacker {
 public:
  ZstdInflow(std::unique_ptr<Inflow> packed, std::string first)
      : Unpacker(std::move(packed), std::move(first)), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) finish(InflowEnd::compressed_broken);
  }
  ZstdInflow(const ZstdInflow&) = delete;
  ZstdInflow& operator=(const ZstdInflow&) = delete;
  ~ZstdInflow() override { ZSTD_freeDStream(stream_); }

 private:
  std::size_t step(base::Bytes packed, char* into, std::size_t room) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{into, room, 0};
    const std::size_t status = ZSTD_decompressStream(stream_, &out, &in);
    input.take(in.pos);
    inside = status != 0;
    if (ZSTD_isError(status) != 0) finish(InflowEnd::compressed_broken);
    return out.pos;
  }

  ZSTD_DStream* stream_;
};

}  // namespace

std::unique_ptr<Inflow> inflow_of_descriptor(int descriptor, bool owned) {
  return std::make_unique<DescriptorInflow>(descriptor, owned);
}

std::unique_ptr<Inflow> inflow_of_memory(base::Bytes octets) {
  return std::make_unique<MemoryInflow>(octets);
}

Compression compression_of(base::Bytes first_octets) {
  if (first_octets.starts_with("\x1f\x8b")) return Compression::gzip;
  if (first_octets.starts_with("\x28\xb5\x2f\xfd")) return Compression::zstd;
  // Skippable frames, with which seekable and parallel writers begin (RFC 8878 3.1.2).
  const bool skippable = first_octets.size() >= 4 && first_octets.substr(1, 3) == "\x2a\x4d\x18" &&
                         (octet_at(first_octets, 0) & 0xf0) == 0x50;
  return skippable ? Compression::zstd : Compression::none;
}

std::unique_ptr<Inflow> unpacked(Compression how, std::unique_ptr<Inflow> compressed, std::string first_octets) {
  if (how == Compression::gzip) return std::make_unique<GzipInflow>(std::move(compressed), std::move(first_octets));
  return std::make_unique<ZstdInflow>(std::move(compressed), std::move(first_octets));
}

}  // namespace viaduct::capture
