// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sip/address_spec.hpp"
#include "sip/message.hpp"
#include "sip/parameters.hpp"
#include "sip/problem.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

#include <string>

/// What a parser read, as text that a test can hold against a whole expected outcome. Absent parts are left out,
/// present ones stand in {}.
namespace viaduct::sip {

class Outcome {
 public:
  explicit Outcome(Bytes buffer) : buffer_(buffer) {}

  Outcome& part(const char* name, Range range) {
    if (range.present()) text_ += std::string(" ") + name + "{" + std::string(range.of(buffer_)) + "}";
    return *this;
  }
  Outcome& flag(const char* name, bool set) {
    if (set) text_ += std::string(" ") + name;
    return *this;
  }
  Outcome& number(const char* name, std::uint64_t value) {
    if (value != 0) text_ += std::string(" ") + name + "=" + std::to_string(value);
    return *this;
  }
  Outcome& address(const char* name, const net::Address& address) {
    if (address.present()) text_ += std::string(" ") + name + "=" + address.to_text();
    return *this;
  }
  [[nodiscard]] std::string text() const { return text_.empty() ? text_ : text_.substr(1); }

 private:
  Bytes buffer_;
  std::string text_;
};

[[nodiscard]] inline std::string outcome(const Error& error) {
  return std::string(name(error.code)) + "@" + std::to_string(error.offset);
}

[[nodiscard]] inline std::string outcome(Bytes buffer, const Uri& uri) {
  static constexpr const char* kSchemes[] = {"sip", "sips", "tel", "urn", "other"};
  return Outcome(buffer)
      .flag(kSchemes[static_cast<std::size_t>(uri.scheme)], true)
      .part("user", uri.user)
      .part("password", uri.password)
      .part("host", uri.host)
      .part("port", uri.port_text)
      .number("port", uri.port)
      .address("literal", uri.literal)
      .part("parameters", uri.parameters)
      .part("headers", uri.headers)
      .text();
}

[[nodiscard]] inline std::string outcome(Bytes buffer, const NameAddr& value) {
  const std::string uri = value.star ? std::string("*") : outcome(buffer, value.uri);
  return Outcome(buffer).part("name", value.display_name).flag("<>", value.bracketed).text() +
         (value.display_name.present() || value.bracketed ? " " : "") + uri + (value.parameters.present() ? " " : "") +
         Outcome(buffer).part("field", value.parameters).text();
}

[[nodiscard]] inline std::string outcome(Bytes buffer, const Via& via) {
  return Outcome(buffer)
      .part("protocol", via.protocol)
      .part("version", via.version)
      .part("transport", via.transport_text)
      .number("transport", static_cast<std::uint64_t>(via.transport))
      .part("host", via.host)
      .part("port", via.port_text)
      .number("port", via.port)
      .address("literal", via.literal)
      .part("branch", via.branch)
      .part("received", via.received)
      .address("received", via.received_address)
      .flag("rport", via.has_rport)
      .part("rport", via.rport)
      .number("rport", via.rport_value)
      .part("maddr", via.maddr)
      .part("ttl", via.ttl)
      .flag("keep", via.has_keep)
      .flag("alias", via.has_alias)
      .text();
}

/// The outcome of any function that gives a Result.
template <class T>
[[nodiscard]] std::string outcome(Bytes buffer, const Result<T>& result) {
  return result ? outcome(buffer, *result) : outcome(result.error());
}

/// The whole of `text` as a range.
[[nodiscard]] inline Range all_of(Bytes text) {
  return {0, static_cast<std::uint32_t>(text.size())};
}

}  // namespace viaduct::sip
