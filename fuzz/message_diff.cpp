// SPDX-License-Identifier: GPL-2.0-or-later
// Two copies of a message, whatever they are: the changes stand in order, lie inside, and make one of the other.
#include "diagnose/sides/message_diff.hpp"

#include "diagnose/sides/written.hpp"
#include "target.hpp"

#include <string>

namespace {

using namespace viaduct;

void check_written(base::Bytes message) {
  const base::Range all = base::between(0, message.size());
  const std::vector<diagnose::sides::Written> found = diagnose::sides::written_in(message);
  VIADUCT_CHECK(found.size() <= diagnose::sides::kMostWritten);
  for (const diagnose::sides::Written& one : found) {
    VIADUCT_CHECK(fuzz::inside(all, one.address) && fuzz::inside(all, one.port));
    VIADUCT_CHECK(one.endpoint.address.present());
  }
}

}  // namespace

/// Both copies, with a line of "%%" between them; without one the second is the first with an octet less.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes input(reinterpret_cast<const char*>(data), size);
  const std::size_t border = input.find("%%\n");
  const base::Bytes before = input.substr(0, border);
  const base::Bytes after = border == base::Bytes::npos ? input.substr(0, size / 2) : input.substr(border + 3);
  std::string made;
  std::uint32_t at = 0;
  for (const diagnose::sides::FieldChange& change : diagnose::sides::diff(before, after)) {
    VIADUCT_CHECK(change.before.present() && change.after.present());
    VIADUCT_CHECK(change.before.offset >= at && change.before.end() <= before.size());
    VIADUCT_CHECK(change.after.end() <= after.size() && change.before.length + change.after.length > 0);
    made += before.substr(at, change.before.offset - at);
    VIADUCT_CHECK(made.size() == change.after.offset);
    made += change.after.of(after);
    at = change.before.end();
    for (const char c : diagnose::sides::text(change)) VIADUCT_CHECK(c >= ' ' && c <= '~');
  }
  made += before.substr(at);
  VIADUCT_CHECK(made == after);
  check_written(before);
  check_written(after);
  return 0;
}
