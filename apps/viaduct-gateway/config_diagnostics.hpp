// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::gateway {

/// A piece of one line; line and column count from 1, columns and width in characters (not octets).
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t width = 1;
};

/// Collects what is wrong with a text file and shows each problem in its place:
///
///     gateway.toml:3:1: unknown key 'udp_timout'
///         udp_timout = 300
///         ^~~~~~~~~~
///         did you mean 'udp_timeout'?
class Diagnostics {
 public:
  /// `text` and `name` are borrowed and must outlive the object.
  Diagnostics(base::Bytes text, const std::string& name) : text_(text), name_(name) {}

  void add(Place place, std::string message, std::string hint = {});
  [[nodiscard]] std::size_t count() const { return problems_.size(); }
  /// All problems in the order of the file, ready to print.
  [[nodiscard]] std::string to_text() const;

 private:
  struct Problem {
    Place place;
    std::string message;
    std::string hint;
  };

  [[nodiscard]] std::string excerpt(const Place& place) const;

  base::Bytes text_;
  const std::string& name_;
  std::vector<Problem> problems_;
};

}  // namespace viaduct::gateway
