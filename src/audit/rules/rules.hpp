// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/joined.hpp"
#include "audit/product.hpp"
#include "audit/text.hpp"
#include "finding/finding.hpp"

#include <optional>
#include <span>

namespace viaduct::audit::rules {

/// One device, and what its configuration says.
struct Case {
  const Device& device;
  const Product* product = nullptr;  ///< none: not recognised
  const Text& text;
  const Joined& joined;     ///< where its lines stand
  std::uint32_t input = 0;  ///< index into finding::Result::inputs
};

/// A rule says nothing of a device that it does not judge.
struct Rule {
  finding::Rule rule;
  std::optional<finding::Finding> (*judge)(const finding::Rule& rule, const Case& about) = nullptr;
};

// One file each.
extern const Rule kSipFeatureOn;
extern const Rule kSipFeatureUnknown;
extern const Rule kHalfSwitchedOff;
extern const Rule kUdpTimeoutShort;
extern const Rule kRtpNotPrioritised;
extern const Rule kConfigurationUnread;

[[nodiscard]] std::span<const Rule* const> all();

/// What proves it: the line, masked, or the default's words where no line says so.
[[nodiscard]] finding::Evidence evidence_of(const Case& about, const Origin& origin, std::string what);

/// How sure a statement on this device is: that it is this product, and what the catalogue or its reader knows of it.
[[nodiscard]] double confidence_of(const Case& about);

/// The steps of `plan_of` as a table beside the finding, and the catalogue's notes and sources.
void add_commands(finding::Finding& finding, const Case& about, bool features, bool timers);

}  // namespace viaduct::audit::rules
