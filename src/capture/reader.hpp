// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/octets.hpp"
#include "capture/record.hpp"
#include "capture/ticks.hpp"
#include "capture/window.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::capture {

enum class Format : std::uint8_t { unknown, pcap, pcapng };

/// Why a capture could not be read to a proper end. Closed; text() has it as a sentence.
enum class CutReason : std::uint8_t {
  not_a_capture,        ///< neither pcap nor pcapng, also when unpacked
  ends_early,           ///< in the middle of a record or block
  absurd_length,        ///< a length that no writer gives
  bad_block,            ///< the two lengths of a block differ, or its parts do not fit into it
  unknown_interface,    ///< a frame of an interface that was not described
  too_many_interfaces,  ///< more than kMaxInterfaces
  read_failed,          ///< the system refused to read on
  compressed_cut,       ///< the compressed data stop in their middle
  compressed_broken,    ///< the compressed data contradict themselves
};
[[nodiscard]] base::Bytes text(CutReason reason);

/// Where the reading stopped before a proper end. What was read before stands.
struct Cut {
  CutReason reason{};
  std::uint64_t offset = 0;  ///< of the record or block that could not be read, in the file or what it unpacks to
  friend bool operator==(const Cut&, const Cut&) = default;
};

/// Frames of a pcap or pcapng file, plain or compressed, one after another. Memory does not depend on the file's size,
/// nothing is allocated per frame, and the file need not be seekable.
///
///     std::expected<CaptureReader, int> reader = CaptureReader::open(path);
///     for (Record record; reader->next(record);) ...
///     if (const std::optional<Cut>& cut = reader->cut()) ...
class CaptureReader {
 public:
  static constexpr std::uint32_t kMaxFrame = 262144;  ///< libpcap's and Wireshark's limit
  static constexpr std::size_t kMaxInterfaces = 4096;
  static constexpr std::size_t kMaxComments = 64;

  /// The errno of open(2) if the file cannot be opened.
  [[nodiscard]] static std::expected<CaptureReader, int> open(const std::string& path);
  /// Any inflow: inflow_of_descriptor(0, false) is standard input.
  explicit CaptureReader(std::unique_ptr<Inflow> inflow);

  /// The next frame; false at the end, be it proper or a cut.
  [[nodiscard]] bool next(Record& record) { return format_ == Format::pcap ? next_pcap(record) : next_pcapng(record); }

  [[nodiscard]] const std::optional<Cut>& cut() const { return cut_; }
  [[nodiscard]] Format format() const { return format_; }
  [[nodiscard]] Compression compression() const { return window_.compression(); }
  /// Those met so far, over all sections.
  [[nodiscard]] const std::vector<Interface>& interfaces() const VIADUCT_LIFETIME_BOUND { return interfaces_; }
  /// What somebody wrote to the sections met so far; the first kMaxComments, each cut after 1024 octets.
  [[nodiscard]] const std::vector<std::string>& comments() const VIADUCT_LIFETIME_BOUND { return comments_; }
  /// Octets read so far (of what the file unpacks to), for showing progress.
  [[nodiscard]] std::uint64_t offset() const { return window_.offset(); }

 private:
  struct Block;

  void begin_pcap(std::uint32_t magic_as_big_endian);
  bool next_pcap(Record& record);
  bool next_pcapng(Record& record);
  bool read_section();
  bool read_block(std::uint32_t type, Record& record, bool& found);
  bool read_interface(const Block& block);
  bool read_enhanced(const Block& block, Record& record);
  bool read_obsolete(const Block& block, Record& record);
  bool read_simple(const Block& block, Record& record);
  bool fill_record(const Block& block, std::uint32_t interface, std::size_t data, Record& record);
  void read_options(const Block& block, std::size_t from, Record& record);
  void read_statistics(const Block& block);
  Interface* interface_of(std::uint32_t in_section);
  bool stop(CutReason reason, std::uint64_t offset);
  bool stop_short(std::uint64_t offset);

  Window window_;
  ByteOrder order_;
  Format format_ = Format::unknown;
  std::uint32_t record_header_ = 16;  ///< pcap only
  std::uint32_t units_per_second_ = 1000000;
  std::uint64_t number_ = 0;
  std::size_t section_first_ = 0;  ///< index of the section's first interface
  std::uint32_t section_ = 0;
  bool ended_ = false;
  std::vector<Interface> interfaces_;
  std::vector<Ticks> ticks_;  ///< of each interface
  std::vector<std::string> comments_;
  std::optional<Cut> cut_;
};

}  // namespace viaduct::capture
