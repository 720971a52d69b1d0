// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/crossing.hpp"

#include "edit/edit_list.hpp"
#include "sip/rewrite.hpp"

#include <utility>

namespace viaduct::faults {

bool Crossing::read(sip::Message& message) const {
  sip::Result<sip::Message> parsed = sip::parse(octets_);
  if (!parsed) return false;
  message = *parsed;
  return true;
}

void Crossing::apply(const edit::EditList& edits) {
  std::string changed(edits.length_after(), '\0');
  if (edit::apply(octets_, edits, changed)) octets_ = std::move(changed);
}

void Crossing::apply_with_length(const sip::Message& message, edit::EditList& edits) {
  if (edits.empty()) return;
  // A length that cannot be followed stays as wrong as it was.
  (void)sip::replace_content_length(edits, message);
  apply(edits);
}

}  // namespace viaduct::faults
