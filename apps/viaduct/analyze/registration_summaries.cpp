// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/registration_summaries.hpp"

#include "analyze/stream_summaries.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::app::analyze {
namespace {

[[nodiscard]] finding::RegistrationSummary summary_of(const call::Registration& registration, const std::string& site) {
  finding::RegistrationSummary summary;
  summary.site = site;
  summary.aor = registration.aor.view();
  summary.contact = registration.contact.view();
  summary.product = registration.product.view();
  summary.client = endpoint_of(registration.client);
  summary.registrar = endpoint_of(registration.registrar);
  if (registration.seen_as.address.present()) summary.seen_as = endpoint_of(registration.seen_as);
  summary.state = call::name(registration.state);
  summary.first = registration.first;
  summary.last = registration.last;
  summary.expires_asked = registration.expires_asked;
  summary.expires_given = registration.expires_given;
  summary.refreshed_every = registration.refresh_interval();
  summary.requests = registration.requests;
  summary.retransmissions = registration.retransmissions;
  summary.grants = registration.grant_count;
  summary.refusals = registration.refusals;
  summary.last_failure = registration.last_failure;
  summary.losses = registration.loss_count;
  summary.moves = registration.move_count;
  return summary;
}

[[nodiscard]] finding::SubscriptionSummary summary_of(const call::Subscription& subscription, const std::string& site) {
  finding::SubscriptionSummary summary;
  summary.site = site;
  summary.call_id = subscription.call_id.view();
  summary.package = subscription.package.view();
  summary.subscriber = endpoint_of(subscription.subscriber);
  summary.notifier = endpoint_of(subscription.notifier);
  summary.state = call::name(subscription.state);
  summary.reason = subscription.reason.view();
  summary.first = subscription.first;
  summary.last = subscription.last;
  summary.expires = subscription.expires;
  summary.subscribes = subscription.subscribes;
  summary.notifies = subscription.notifies;
  summary.last_failure = subscription.last_failure;
  return summary;
}

}  // namespace

std::vector<const call::Registration*> add_registrations(const call::Signalling& signalling, const CallFilter& filter,
                                                         const std::string& site, finding::Result& result) {
  std::vector<const call::Registration*> passed;
  for (const auto& [key, registration] : signalling.registrations()) {
    if (!filter.passes(registration)) continue;
    passed.push_back(&registration);
    result.registrations.push_back(summary_of(registration, site));
  }
  for (const auto& [key, subscription] : signalling.subscriptions())
    if (filter.passes(subscription)) result.subscriptions.push_back(summary_of(subscription, site));
  result.registrations_left_out += signalling.counts().dropped_registrations;
  result.subscriptions_left_out += signalling.counts().dropped_subscriptions;
  return passed;
}

void finish_registrations(finding::Result& result) {
  std::ranges::stable_sort(result.registrations, {}, [](const finding::RegistrationSummary& one) {
    return std::pair(one.losses == 0 && one.refusals == 0, one.first);
  });
  std::ranges::stable_sort(result.subscriptions, {}, &finding::SubscriptionSummary::first);
  if (result.inputs.empty()) return;
  std::vector<std::string>& problems = result.inputs.back().problems;
  if (result.registrations_left_out > 0)
    problems.push_back(
        std::to_string(result.registrations_left_out) +
        " registrations came when there was no room to follow more: whether these were lost is not known");
  if (result.subscriptions_left_out > 0)
    problems.push_back(std::to_string(result.subscriptions_left_out) +
                       " subscriptions came when there was no room to follow more, and are not in the report");
}

}  // namespace viaduct::app::analyze
