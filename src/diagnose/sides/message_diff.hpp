// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/field.hpp"

#include <string>
#include <vector>

namespace viaduct::diagnose::sides {

/// One field of a message that is not the same in another copy of it. An empty range is where something was put in or
/// taken out.
struct FieldChange {
  Field field;
  Range before;
  Range after;
  bool moved = false;  ///< a whole line that stands elsewhere in the other copy
};

/// All that differs, in order and without overlap on either side: what lies between the changes is the same in both,
/// octet by octet. Plain NAT changes nothing, whatever the header: RFC 3261 lets no hop but a proxy touch a message.
/// Time is bounded: of messages with thousands of differing lines one change is told. Names are views into the texts.
[[nodiscard]] std::vector<FieldChange> diff(Bytes before, Bytes after);

/// "Contact host", "Via added", "Max-Forwards moved".
[[nodiscard]] std::string text(const FieldChange& change);

}  // namespace viaduct::diagnose::sides
