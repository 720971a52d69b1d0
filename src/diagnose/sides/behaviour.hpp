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
  Truth truth = Truth::unknown;
  bool follows_connection = false;  ///< an o= that named what c= names, before and after
  bool length_right = true;         ///< Content-Length fits the body behind the box
};

/// The entry of the failure catalogue that a change is, empty where it is none by itself: a translation that is true to
/// a mapping, or a length that follows it.
[[nodiscard]] Bytes behaviour_of(const FieldChange& change, const ChangeContext& context);

/// The same for a field that still names the inside behind the box, in a message in which another one was translated.
[[nodiscard]] Bytes behaviour_of_left(const Field& field);

}  // namespace viaduct::diagnose::sides
