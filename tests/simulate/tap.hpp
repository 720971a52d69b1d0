// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/interval.hpp"
#include "simulate/wire.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::simulate {

/// A place where packets are captured, and the pcap file (microseconds, Ethernet) they go to. Packets pass it up to
/// seconds after they were sent, so it holds those that may still be overtaken.
class Tap {
 public:
  /// `missed`: when the capturing machine was too slow and wrote nothing down.
  Tap(const std::filesystem::path& path, Seconds epoch, Intervals missed);
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  void see(const Packet& packet, Seconds time);
  /// Writes what passed before `time`: nothing earlier may be seen from now on.
  void write_until(Seconds time);
  /// Writes the rest. False if the file could not be written.
  [[nodiscard]] bool close();
  [[nodiscard]] std::uint64_t packets() const { return packets_; }

 private:
  struct Seen {
    Seconds time;
    std::uint64_t order;
    Packet packet;
    std::uint32_t text;
  };
  static bool later(const Seen& a, const Seen& b) { return a.time != b.time ? a.time > b.time : a.order > b.order; }
  void write(const Seen& seen);
  char* record(Seconds time, std::size_t size, char* at) const;
  void flush();

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;
  Seconds epoch_;
  Intervals missed_;
  FrameWriter frames_;
  std::vector<Seen> heap_;
  std::vector<std::string> texts_;
  std::vector<std::uint32_t> free_texts_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t order_ = 0, packets_ = 0;
  bool failed_ = false;
};

}  // namespace viaduct::simulate
