// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/recognition.hpp"
#include "audit/text.hpp"

namespace viaduct::audit {

/// What one configuration says of SIP: recognised, read by the reader of its product or, where there is none, judged by
/// the patterns of the catalogue. A text that is none, or that nobody knows, gives a Device without product whose
/// problems say so.
[[nodiscard]] Device read_device(const Text& text, const Catalogue& catalogue, const Recogniser& recogniser);

}  // namespace viaduct::audit
