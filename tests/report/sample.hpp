// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/keyed_hash.hpp"
#include "finding/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace viaduct::report {

/// One customer, two calls: a SIP ALG spoils the first, the second is good.
[[nodiscard]] finding::Result sample_result();
/// Everything that an input can put into a result wants to break the report.
[[nodiscard]] finding::Result hostile_result();

/// How the tests anonymise.
inline constexpr base::HashKey kSampleKey{0x0123456789abcdef, 0xfedcba9876543210};
[[nodiscard]] std::optional<std::string> mask_address(base::Bytes text);

struct NamedReport {
  std::string file;  ///< in tests/report/expected
  std::string text;
};
/// Every kind of report, of both results.
[[nodiscard]] std::vector<NamedReport> all_reports();

}  // namespace viaduct::report
