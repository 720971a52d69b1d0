// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/scanner.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace viaduct::diagnose {

bool is_scanner(base::Bytes product) {
  static constexpr auto kScanners = std::to_array<base::Bytes>(
      {"friendly-scanner", "friendly-request", "sipvicious", "sundayddr", "sip-scan", "sipcli", "pplsip", "smap"});
  return std::ranges::any_of(
      kScanners, [product](base::Bytes known) { return base::iequals(product.substr(0, known.size()), known); });
}

void note_scanner(finding::Finding& finding, base::Bytes product) {
  finding.severity = finding::Severity::note;
  finding.cause = finding::Cause::none;
  finding.behaviours.clear();
  finding.statement += " It calls itself " + std::string(product) + ", which is a scanner.";
}

void note_if_scanner(const call::Call& call, finding::Finding& finding) {
  const base::Bytes product = call.parties[static_cast<std::size_t>(call::Party::caller)].product.view();
  if (is_scanner(product)) note_scanner(finding, product);
}

}  // namespace viaduct::diagnose
