// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a result of analyze, for `viaduct audit --with`: names in it are plain, and ranking by it puts exactly
// one finding before.
#include "audit/path_result.hpp"

#include "base/text.hpp"
#include "target.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace viaduct;
  static const audit::Catalogue catalogue = audit::Catalogue::built_in();
  const auto path = app::audit::read_path_result(std::string(reinterpret_cast<const char*>(data), size));
  if (!path) {
    VIADUCT_CHECK(!path.error().empty());
    return 0;
  }
  for (const auto& family : path->families) {
    VIADUCT_CHECK(std::ranges::all_of(family.name, [](char c) { return base::kAlphanum.contains(c) || c == '-'; }));
    VIADUCT_CHECK(family.confidence >= 0 && family.confidence <= 1);
  }
  finding::Result result;
  for (const char* const product : {"linux-netfilter", "cisco-ios", ""})
    result.devices.push_back({.product = product, .title = product, .sure = 1, .sip = "on", .rtp_priority = "no"});
  app::audit::rank_by_path(result, *path, catalogue);
  VIADUCT_CHECK(result.findings.size() == 1);
  return 0;
}
