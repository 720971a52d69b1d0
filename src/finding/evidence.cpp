// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/evidence.hpp"

#include "base/place.hpp"

#include <algorithm>

namespace viaduct::finding {

void quote(Evidence& evidence, base::Bytes whole, base::Range marked) {
  std::size_t begin = 0;
  if (marked.present() && whole.size() > Evidence::kMaxOctets) {
    const std::size_t line = base::place_of(whole, marked.offset).text.offset;
    const std::size_t least = marked.offset > Evidence::kMaxOctets / 2 ? marked.offset - Evidence::kMaxOctets / 2 : 0;
    begin = std::min(std::max(line, least), whole.size());
  }
  evidence.octets = whole.substr(begin, Evidence::kMaxOctets);
  evidence.offset = static_cast<std::uint32_t>(begin);
  evidence.marked = {};
  if (!marked.present() || marked.offset < begin || marked.offset - begin > evidence.octets.size()) return;
  const std::size_t at = marked.offset - begin;
  evidence.marked = base::between(at, at + std::min<std::size_t>(marked.length, evidence.octets.size() - at));
}

}  // namespace viaduct::finding
