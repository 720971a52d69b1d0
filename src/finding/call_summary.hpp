// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/aside.hpp"
#include "finding/cause.hpp"
#include "finding/endpoint.hpp"
#include "finding/ladder.hpp"
#include "finding/time.hpp"
#include "finding/timeline.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// One side of a call.
struct LegSummary {
  Endpoint caller;
  Endpoint callee;
  std::string transport{};  ///< "udp", "tcp"
  friend bool operator==(const LegSummary&, const LegSummary&) = default;
};

/// What happened to one call, as a point saw it.
struct CallSummary {
  std::uint32_t input = 0;  ///< index into Result::inputs
  std::string call_id;
  std::string from;  ///< URI, captured
  std::string to;
  std::string site{};   ///< empty where none was named
  Time start{};         ///< its first message
  Duration duration{};  ///< from answer to end; 0 if it was not answered
  bool answered = false;
  std::string ending{};                   ///< "BYE of the caller", "486 Busy Here"
  Attribution attribution{};              ///< none for a good call
  std::vector<std::uint32_t> findings{};  ///< indices into Result::findings
  std::vector<std::uint32_t> streams{};   ///< indices into Result::streams
  std::vector<LegSummary> legs{};
  std::vector<std::string> not_judged{};  ///< media that no rule looks at: "T.38 fax", "video"
  Aside<Ladder> ladder{};
  Aside<Timeline> timeline{};  ///< its SIP events and streams on one axis

  static constexpr std::size_t kMaxLegs = 16;
  friend bool operator==(const CallSummary&, const CallSummary&) = default;
};

}  // namespace viaduct::finding
