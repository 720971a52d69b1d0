// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/message.hpp"
#include "sip/problem.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"

#include <optional>

namespace viaduct::sip {

/// A name-addr or addr-spec with its parameters (RFC 3261 20.10, 25.1): From, To, Contact, Route, Refer-To ...
///
///    "Bob \"B\"" <sip:bob@192.0.2.4;transport=tcp> ;tag=1;expires=60
///    display_name  uri (its own parameters inside)  parameters
///
/// Without <> everything behind the first ';' belongs to the field, not to the URI.
struct NameAddr {
  NameAddr() {}  // NOLINT: "= default" would let Result<NameAddr> clear it twice

  Range whole;
  Range display_name;  ///< with its quotes; absent if there is none
  Uri uri;             ///< not set for `*`
  Range parameters;    ///< of the field, for ParameterCursor; absent if there are none
  bool bracketed = false;
  bool star = false;  ///< Contact: *
};

/// Reads one value (ValueCursor cuts lists). Fails on an unterminated quote, < without >, octets between > and
/// ';', and on what parse_uri() fails on. Octets of an unquoted display name are left to check().
[[nodiscard]] Result<NameAddr> parse_name_addr(Bytes buffer, Range value);

/// The name-addr of all headers of an id: for (NameAddrs all(m, HeaderId::contact); auto c = all.next();).
class NameAddrs {
 public:
  NameAddrs(const Message& message VIADUCT_LIFETIME_BOUND, HeaderId id)
      : values_(message, id), bytes_(message.bytes()) {}

  [[nodiscard]] std::optional<Result<NameAddr>> next() {
    const std::optional<Range> value = values_.next();
    if (!value) return std::nullopt;
    return parse_name_addr(bytes_, *value);
  }

 private:
  MessageValues values_;
  Bytes bytes_;
};

/// The single value of From or To; Problem::missing_header at the end of the header section without one.
[[nodiscard]] Result<NameAddr> from(const Message& message);
[[nodiscard]] Result<NameAddr> to(const Message& message);
/// The whole value of the first header of a single-valued id: From, To, Refer-To, Referred-By, Reply-To.
[[nodiscard]] Result<NameAddr> name_addr(const Message& message, HeaderId id);
/// The first value of the first header of a list id (Contact, Route, Record-Route, Path, Service-Route,
/// P-Asserted-Identity, P-Preferred-Identity, Diversion, History-Info).
[[nodiscard]] Result<NameAddr> first_name_addr(const Message& message, HeaderId id);

/// The tag parameter; absent without one.
[[nodiscard]] Range tag(Bytes buffer, const NameAddr& from_or_to);

}  // namespace viaduct::sip
