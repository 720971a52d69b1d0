// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/memory.hpp"
#include "base/bytes.hpp"
#include "net/address.hpp"
#include "viaduct-gateway/report.hpp"

#include <cstdint>
#include <expected>
#include <string>

namespace viaduct::gateway {

enum class ControlCommand : std::uint8_t {
  status,
  calls,
  registrations,
  why,
  recent,
  memory,
  memory_set,
  memory_forget,
  watch,
  metrics,
  reload,
};

/// One line of the control socket, read and checked (docs/schema/gateway-request.json).
struct ControlRequest {
  ControlCommand command = ControlCommand::status;
  Page page;           ///< calls, registrations, recent, memory
  std::string name;    ///< why: Call-ID or address of record
  net::Address party;  ///< memory_set, memory_forget
  alg::Aspect aspect = alg::Aspect::contact;
  bool handles = false;
};

/// `code` is part of the protocol, `text` is for people.
struct RequestProblem {
  const char* code = "";
  std::string text;
};

inline constexpr std::size_t kMaxRequest = 4096;  ///< octets of one line

/// Strict: a field that the command does not have is a problem, so that no wish is silently ignored.
[[nodiscard]] std::expected<ControlRequest, RequestProblem> parse_request(base::Bytes line);

}  // namespace viaduct::gateway
