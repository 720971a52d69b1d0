// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "message/reading.hpp"
#include "net/address.hpp"
#include "sip/problem.hpp"

#include <string>

namespace viaduct::message {

/// Collects facts; whatever is absent is not listed.
class FactList {
 public:
  explicit FactList(base::Bytes octets) : octets_(octets) {}

  FactList& text(std::string_view name, base::Range range) {
    if (range.present()) facts_.push_back({name, std::string(range.of(octets_))});
    return *this;
  }
  FactList& word(std::string_view name, std::string value) {
    if (!value.empty()) facts_.push_back({name, std::move(value)});
    return *this;
  }
  FactList& number(std::string_view name, std::uint64_t value) {
    facts_.push_back({name, value});
    return *this;
  }
  /// A port, or any number for which 0 means "not given".
  FactList& number_unless_zero(std::string_view name, std::uint64_t value) {
    return value == 0 ? *this : number(name, value);
  }
  FactList& flag(std::string_view name, bool value) {
    if (value) facts_.push_back({name, true});
    return *this;
  }
  [[nodiscard]] Facts take() { return std::move(facts_); }

 private:
  base::Bytes octets_;
  Facts facts_;
};

}  // namespace viaduct::message
