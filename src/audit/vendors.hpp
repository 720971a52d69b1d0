// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <span>

namespace viaduct::audit {

/// One file of data/vendors as it was when the program was built.
struct VendorFile {
  base::Bytes name;
  base::Bytes toml;
};
[[nodiscard]] std::span<const VendorFile> vendor_files();

}  // namespace viaduct::audit
