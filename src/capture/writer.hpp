// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "capture/reader.hpp"

#include <cstdio>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::capture {

/// Writes frames as a capture file, with times in nanoseconds: pcap for frames of one link type, pcapng for any.
///
///     std::expected<CaptureWriter, int> writer = CaptureWriter::create(path, Format::pcap, LinkType::ethernet);
///     writer->write(record);
///     if (const int error = writer->close()) ...
class CaptureWriter {
 public:
  /// The errno of open(2) if the file cannot be made; what stood there is gone. `link` is that of all frames of a pcap
  /// file, pcapng does without.
  [[nodiscard]] static std::expected<CaptureWriter, int> create(const std::string& path, Format format, LinkType link);

  /// Of a record its frame, link type, time and length on the wire. A frame of another link type is left out of pcap.
  void write(const Record& record);
  /// What is still to be written goes out; an errno if not all could be, 0 if it could.
  [[nodiscard]] int close();
  [[nodiscard]] std::uint64_t frames() const { return frames_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  CaptureWriter(std::FILE* file, Format format, LinkType link) : file_(file), format_(format), link_(link) {}

  void put(const std::string& octets);
  void write_pcap(const Record& record);
  void write_pcapng(const Record& record);
  std::uint32_t interface_for(LinkType link);

  std::unique_ptr<std::FILE, Closer> file_;
  Format format_;
  LinkType link_;
  std::vector<LinkType> interfaces_;  ///< pcapng: those described so far
  std::uint64_t frames_ = 0;
  int error_ = 0;
};

}  // namespace viaduct::capture
