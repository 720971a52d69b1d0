// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/registration.hpp"
#include "call/subscription.hpp"
#include "finding/registration_summary.hpp"
#include "finding/subscription_summary.hpp"

#include <string>

namespace viaduct::app::analyze {

/// What is told of a registration or subscription that was seen at `site`.
[[nodiscard]] finding::RegistrationSummary summary_of(const call::Registration& registration, const std::string& site);
[[nodiscard]] finding::SubscriptionSummary summary_of(const call::Subscription& subscription, const std::string& site);

}  // namespace viaduct::app::analyze
