// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sdp/problem.hpp"
#include "sdp/session.hpp"

namespace viaduct::sdp {

/// One complaint: the code, the octet where it begins, and how much a caret line should underline.
struct Complaint {
  Problem problem{};
  base::Range where;  ///< in the whole buffer; may be empty

  friend bool operator==(const Complaint&, const Complaint&) = default;
};

/// Receives complaints in the order they are found. A plain function pointer and its argument: no allocation.
struct Sink {
  void (*report)(const void* context, const Complaint& complaint) = nullptr;
  const void* context = nullptr;

  void operator()(Problem problem, base::Range where) const { report(context, {problem, where}); }
};

/// Wraps any callable that takes `const Complaint&`; it must outlive the returned sink.
template <class Callable>
[[nodiscard]] Sink sink_of(const Callable& callable) {
  return {[](const void* context, const Complaint& complaint) { (*static_cast<const Callable*>(context))(complaint); },
          &callable};
}

/// Reads a body strictly by RFC 8866 and the RFCs of the attributes it knows, and reports everything that is wrong.
/// Goes on behind each complaint; does not need a body that `parse` accepts. Slow path, for people.
void check(base::Bytes buffer, base::Range body, Sink sink);
inline void check(const Session& session, Sink sink) {
  check(session.buffer, session.body, sink);
}

}  // namespace viaduct::sdp
