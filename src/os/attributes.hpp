// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <linux/netlink.h>

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>

namespace viaduct::os {

/// One netlink attribute (struct nlattr): borrowed from the message.
///
///    0 length 2 type 4 value ... padded to a multiple of 4
struct Attribute {
  std::uint16_t type = 0;
  base::Bytes value;

  /// Network order to host order; a value that is too short reads as 0.
  template <std::unsigned_integral T>
  [[nodiscard]] T big_endian() const {
    const T raw = native<T>();
    if constexpr (sizeof(T) == 1 || std::endian::native == std::endian::big) return raw;
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(raw);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(raw);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(raw);
  }
  template <std::unsigned_integral T>
  [[nodiscard]] T native() const {
    T raw = 0;
    if (value.size() >= sizeof raw) std::memcpy(&raw, value.data(), sizeof raw);
    return raw;
  }
  /// A text with or without its closing zero.
  [[nodiscard]] base::Bytes text() const { return value.substr(0, value.find('\0')); }
};

/// The attributes of a message or of a nesting attribute, for `for (const Attribute& a : Attributes(octets))`.
/// Stops at the first one that does not fit, so octets of any content are safe.
class Attributes {
 public:
  explicit Attributes(base::Bytes octets) : octets_(octets) {}
  /// Those of a message behind `extra` octets of family header.
  Attributes(const nlmsghdr& message, std::size_t extra) {
    const std::size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(extra);
    if (message.nlmsg_len > skip)
      octets_ = base::Bytes(reinterpret_cast<const char*>(&message) + skip, message.nlmsg_len - skip);
  }

  class Iterator {
   public:
    explicit Iterator(base::Bytes left) : left_(left) { load(); }
    const Attribute& operator*() const { return now_; }
    Iterator& operator++() {
      const std::size_t step = NLA_ALIGN(length_);
      left_.remove_prefix(step < left_.size() ? step : left_.size());
      load();
      return *this;
    }
    bool operator!=(std::nullptr_t) const { return length_ != 0; }

   private:
    void load() {
      nlattr header{};
      length_ = 0;
      if (left_.size() < sizeof header) return;
      std::memcpy(&header, left_.data(), sizeof header);
      if (header.nla_len < sizeof header || header.nla_len > left_.size()) return;
      length_ = header.nla_len;
      now_ = {static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK), left_.substr(4, length_ - 4U)};
    }
    base::Bytes left_;
    std::uint16_t length_ = 0;
    Attribute now_;
  };

  [[nodiscard]] Iterator begin() const { return Iterator(octets_); }
  [[nodiscard]] std::nullptr_t end() const { return nullptr; }

 private:
  base::Bytes octets_;
};

}  // namespace viaduct::os
