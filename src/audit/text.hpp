// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::audit {

using base::Bytes;

/// One configuration as text: UTF-8 without byte order mark, lines that end with LF. Nothing else reads octets of a
/// file. Line numbers are those of the file, counted from 1.
class Text {
 public:
  enum class Kind : std::uint8_t {
    text,
    empty,
    binary,  ///< no text that a person could read
    sealed,  ///< encrypted or packed by the device it comes from: `maker` says by whose
  };

  /// Takes the octets of one file. UTF-16 with a byte order mark becomes UTF-8; CR LF and CR become LF; what paging
  /// left in a recorded session is undone (terminal.hpp); octets that no text has (NUL, 0xfe, 0xff) become blanks in
  /// what is text otherwise, so that one too many hides nothing.
  static Text read(std::string name, std::string octets);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  /// For `sealed`: what it is and what to do, a sentence. Lives as long as the program.
  [[nodiscard]] Bytes maker() const { return maker_; }
  /// For `sealed`, where that is known: the id of the product in the catalogue. Lives as long as the program.
  [[nodiscard]] Bytes product() const { return product_; }
  /// What a reader of the text has to know of its octets, sentences: control characters, octets that are no text, a
  /// line of great length.
  [[nodiscard]] const std::vector<std::string>& notes() const VIADUCT_LIFETIME_BOUND { return notes_; }
  /// Why the text may not be what the device wrote, sentences: what is not said in it may have been said.
  [[nodiscard]] const std::vector<std::string>& doubts() const VIADUCT_LIFETIME_BOUND { return doubts_; }
  void doubt(std::string why) { doubts_.push_back(std::move(why)); }
  /// Of `sealed` nothing but the plain head, where it has one.
  [[nodiscard]] Bytes octets() const VIADUCT_LIFETIME_BOUND { return octets_; }
  /// The number of its first line: 1, unless it is a part of a file.
  [[nodiscard]] std::uint32_t first() const { return before_ + 1; }
  /// The number of its last line.
  [[nodiscard]] std::uint32_t last() const { return before_ + static_cast<std::uint32_t>(starts_.size()); }
  /// The numbers of its lines; of `count` of them at most, those of the head.
  [[nodiscard]] auto numbers() const { return std::views::iota(first(), last() + 1); }
  [[nodiscard]] auto head(std::uint32_t count) const {
    return std::views::iota(first(), std::min(before_ + count, last()) + 1);
  }
  /// Without its end; empty for a number that the text does not have.
  [[nodiscard]] Bytes line(std::uint32_t number) const VIADUCT_LIFETIME_BOUND;
  /// The same text with nothing in the lines that `kept` does not say (by number, from 1): what stays keeps its number,
  /// so that a part of a dump can be read as a file of its own.
  [[nodiscard]] Text only(const std::vector<bool>& kept) const;
  /// Its lines from `first` to the one before `behind`, which keep their numbers: a device of a file that holds
  /// several.
  [[nodiscard]] Text between(std::uint32_t first, std::uint32_t behind) const;
  /// The number of the line in which octet `offset` stands.
  [[nodiscard]] std::uint32_t line_of(std::size_t offset) const;

 private:
  void count_lines();
  void look_at_lines();

  std::string name_;
  std::string octets_;
  std::uint32_t before_ = 0;           ///< lines of the file before these
  std::vector<std::uint32_t> starts_;  ///< offset of each line
  Kind kind_ = Kind::text;
  Bytes maker_;
  Bytes product_;
  std::vector<std::string> notes_;
  std::vector<std::string> doubts_;
};

}  // namespace viaduct::audit
