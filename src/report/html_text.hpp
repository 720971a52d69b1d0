// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <string>

namespace viaduct::report {

/// Any octets as text or attribute value of HTML and SVG: controls are visible, and no character of it is markup.
[[nodiscard]] std::string html_text(base::Bytes captured);

}  // namespace viaduct::report
