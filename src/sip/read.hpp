// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/problem.hpp"
#include "sip/uri.hpp"

#include <cstdint>

/// The parts that several field parsers share. They fill an object that the caller made, so that no field is copied on
/// its way out, and take positions in the buffer: [at, end). For the sources of this folder only.
namespace viaduct::sip::read {

/// hostport without the port; gives the position behind it.
[[nodiscard]] Result<std::uint32_t> host(Bytes buffer, std::uint32_t at, std::uint32_t end, HostPort& out);

/// The digits behind the colon; gives the position behind them.
[[nodiscard]] Result<std::uint32_t> port(Bytes buffer, std::uint32_t at, std::uint32_t end, HostPort& out);

/// host [ ":" port ] with LWS allowed around the colon if `lws`; gives the position behind it.
[[nodiscard]] Result<std::uint32_t> host_port(Bytes buffer, std::uint32_t at, std::uint32_t end, bool lws,
                                              HostPort& out);

/// What parse_uri() does.
[[nodiscard]] Result<void> uri(Bytes buffer, Range range, Uri& out);

/// IPv6 text without brackets; reads ":::" as "::" (RFC 5118 4.10).
[[nodiscard]] std::optional<net::Address> ipv6(Bytes text);

}  // namespace viaduct::sip::read
