// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/registration_cells.hpp"

#include "report/figures.hpp"

namespace viaduct::report {
namespace {

[[nodiscard]] std::string with_status(const std::string& state, std::uint16_t status) {
  return status == 0 ? state : state + ", " + std::to_string(status);
}

}  // namespace

std::vector<std::string> registration_heading() {
  return {"address of record", "client",    "registrar", "seen as", "state",
          ">expires, s",       ">every, s", ">granted",  ">lost",   ">moved"};
}

std::vector<std::string> registration_cells(const finding::RegistrationSummary& registration) {
  const bool repeated = registration.refreshed_every > finding::Duration::zero();
  return {registration.aor,
          registration.client.to_text(),
          registration.registrar.to_text(),
          registration.seen_as ? registration.seen_as->to_text() : "-",
          with_status(registration.state, registration.state == "refused" ? registration.last_failure : 0),
          registration.expires_given ? std::to_string(*registration.expires_given) : "-",
          repeated ? fixed(seconds(registration.refreshed_every), 0) : "-",
          std::to_string(registration.grants),
          std::to_string(registration.losses),
          std::to_string(registration.moves)};
}

std::vector<std::string> subscription_heading() {
  return {"event", "subscriber", "notifier", "state", ">expires, s", ">SUBSCRIBE", ">NOTIFY", "Call-ID"};
}

std::vector<std::string> subscription_cells(const finding::SubscriptionSummary& subscription) {
  std::string state = with_status(subscription.state, subscription.last_failure);
  if (!subscription.reason.empty()) state += ", " + subscription.reason;
  return {subscription.package,
          subscription.subscriber.to_text(),
          subscription.notifier.to_text(),
          state,
          subscription.expires > 0 ? std::to_string(subscription.expires) : "-",
          std::to_string(subscription.subscribes),
          std::to_string(subscription.notifies),
          subscription.call_id};
}

}  // namespace viaduct::report
