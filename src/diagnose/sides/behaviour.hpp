// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/mapping_table.hpp"
#include "diagnose/sides/message_diff.hpp"

namespace viaduct::diagnose::sides {

/// What is known of a changed field besides the change.
struct ChangeContext {
  bool outbound = true;  ///< from the inner side to the outer one
  bool request = true;
  bool literal = false;    ///< an address stood there before, or its port, and stands there after
  bool was_inner = false;  ///< that before was one of the inside (of the outside, inbound)
  bool had_port = true;
  Truth truth = Truth::none;
  bool rounded = false;             ///< an odd port became the even one below it
  bool follows_connection = false;  ///< an o= that named what c= names, before and after
  bool length_right = true;         ///< Content-Length fits the body behind the box
};

/// The entry of the failure catalogue that a change is, empty where it is none by itself: a translation that is true to
/// a mapping, or a length that follows it.
[[nodiscard]] Bytes behaviour_of(const FieldChange& change, const ChangeContext& context);

/// What was translated in a message.
struct Translated {
  bool route = false;  ///< Via, Contact, Route: where SIP goes
  bool contact = false;
  bool sdp = false;
  std::uint8_t fax = 0;  ///< the m= line of T.38 (m=image), as Field::media counts; 0: none

  [[nodiscard]] bool any() const { return route || contact || sdp; }
};
/// The same for a field that still names the inside behind the box although others were translated; empty where that
/// does no harm.
[[nodiscard]] Bytes behaviour_of_left(const Field& field, const Translated& translated);

}  // namespace viaduct::diagnose::sides
