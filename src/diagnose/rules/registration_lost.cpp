// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/scanner.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "registration-lost",
    .title = "A phone loses its registration",
    .cause = finding::Cause::not_proven,
    .needs = "REGISTER that was granted once, or sent without an answer for 32 s.",
    .why = "Who is not registered cannot be called; outgoing calls may go on working, so it goes unnoticed.",
    .remedy =
        "No answer: try another local port or reboot the router, as stale NAT state and SIP ALG swallow REGISTER by "
        "its ports. Expired: let the phone refresh at half the time the registrar gives. Refused: see the status.",
};

constexpr double kConfidence = 0.9;
/// An answer that has not come by then is late by any measure.
constexpr Duration kLong = std::chrono::seconds(10);

[[nodiscard]] std::string text_of(const call::Registration::Loss& loss, const call::Registration& registration) {
  switch (loss.kind) {
    case call::LossKind::no_answer:
      return "REGISTER without an answer for 32 s";
    case call::LossKind::expired:
      return "the " + std::to_string(registration.expires_given.value_or(0)) +
             " s of the last grant ran out before another one";
    case call::LossKind::refused:
      return "refused with " + std::to_string(loss.status);
  }
  return "";
}

/// From a request without an answer on, until one had some.
struct Outage {
  Time begin{};
  Time end{};
};

/// The outage that began with a loss, if it was over.
[[nodiscard]] std::optional<Outage> outage_of(const call::Registration& registration,
                                              const call::Registration::Loss& loss) {
  if (loss.kind != call::LossKind::no_answer) return std::nullopt;
  const auto grant = std::ranges::upper_bound(registration.grants, loss.time);
  return grant == registration.grants.end() ? std::nullopt : std::optional(Outage{loss.time, *grant});
}

/// When the port that the phone sends from changed last before it was answered again.
[[nodiscard]] std::optional<Time> moved_in(const call::Registration& registration, const Outage& outage) {
  std::optional<Time> moved;
  for (const call::Registration::Move& move : registration.moves)
    if (outage.begin < move.time && move.time < outage.end) moved = move.time;
  return moved;
}

/// What the registrations say together: which registrar was away for a while, and who registered where.
class Registrations {
 public:
  explicit Registrations(std::span<const call::Registration* const> all);

  /// The port the phone sends from changed and it was answered again: what was bound to the old one was at fault,
  /// unless others of its registrar were answered again at the port they had. A new connection has another port anyway.
  [[nodiscard]] bool cured_by_port(const call::Registration& registration) const;
  /// Another server that took the name from there: phones try one after another (RFC 3263 4.3), or are sent on.
  [[nodiscard]] const call::Registration* elsewhere(const call::Registration& registration) const;

 private:
  using Registrar = std::pair<call::Point, net::Endpoint>;
  using Name = std::pair<base::Bytes, net::Address>;

  [[nodiscard]] bool away(const Registrar& registrar, const Outage& outage) const;

  /// Of clients that kept their ports; ascending, `end` the latest yet.
  std::map<Registrar, std::vector<Outage>> away_;
  std::map<Name, std::vector<const call::Registration*>> granted_;
};

Registrations::Registrations(std::span<const call::Registration* const> all) {
  for (const call::Registration* const one : all) {
    if (one->grant_count > 0) granted_[{one->aor.view(), one->client.address}].push_back(one);
    for (const call::Registration::Loss& loss : one->losses)
      if (const std::optional<Outage> outage = outage_of(*one, loss); outage && !moved_in(*one, *outage))
        away_[{one->point, one->registrar}].push_back(*outage);
  }
  for (auto& [registrar, outages] : away_) {
    std::ranges::sort(outages, {}, &Outage::begin);
    Time latest = Time::min();
    for (Outage& outage : outages) outage.end = latest = std::max(latest, outage.end);
  }
}

bool Registrations::away(const Registrar& registrar, const Outage& outage) const {
  const auto found = away_.find(registrar);
  if (found == away_.end()) return false;
  const auto next = std::ranges::upper_bound(found->second, outage.end, {}, &Outage::begin);
  return next != found->second.begin() && std::prev(next)->end >= outage.begin;
}

bool Registrations::cured_by_port(const call::Registration& registration) const {
  if (registration.connected) return false;
  return std::ranges::any_of(registration.losses, [&](const call::Registration::Loss& loss) {
    const std::optional<Outage> outage = outage_of(registration, loss);
    if (!outage) return false;
    const std::optional<Time> moved = moved_in(registration, *outage);
    return moved && outage->end - *moved < std::chrono::seconds(5) &&
           !away({registration.point, registration.registrar}, *outage);
  });
}

const call::Registration* Registrations::elsewhere(const call::Registration& registration) const {
  if (registration.grant_count > 0) return nullptr;
  const auto same = granted_.find({registration.aor.view(), registration.client.address});
  if (same == granted_.end()) return nullptr;
  const auto found = std::ranges::find_if(
      same->second, [&](const call::Registration* other) { return other->granted > registration.first; });
  return found == same->second.end() ? nullptr : *found;
}

/// Refreshes as far apart as the time that is granted: each lost packet loses the registration.
[[nodiscard]] bool refreshed_too_late(const call::Registration& registration) {
  const Duration interval = registration.refresh_interval();
  return registration.grant_count >= 3 && registration.expires_given &&
         interval >= std::chrono::seconds(*registration.expires_given);
}

/// How often the binding was gone. A REGISTER without an answer is none as long as the last grant holds.
[[nodiscard]] std::size_t times_gone(const call::Registration& registration) {
  return static_cast<std::size_t>(
      std::count_if(registration.losses.begin(), registration.losses.end(),
                    [](const auto& loss) { return loss.kind != call::LossKind::no_answer; }));
}

[[nodiscard]] std::string statement_of(const call::Registration& registration) {
  const std::size_t gone = times_gone(registration);
  std::string text(registration.aor.view());
  const std::string at = " at " + registration.registrar.to_text();
  if (registration.grant_count == 0)
    text += " was never registered: nobody answers" + at + ".";
  else if (gone == 0)
    text += " got no answer to REGISTER" + at + "; what it had been granted before still held.";
  else
    text += " lost its registration" + at + " " + counted(gone, "time", "times") + ".";
  if (registration.retransmissions > 0)
    text += " REGISTER was repeated " + counted(registration.retransmissions, "time", "times") + ".";
  return text;
}

[[nodiscard]] finding::Finding lost(const Registrations& all, const call::Registration& registration) {
  const bool held = registration.grant_count > 0 && times_gone(registration) == 0;
  std::vector<finding::Evidence> evidence;
  evidence.reserve(registration.losses.size());
  for (const call::Registration::Loss& loss : registration.losses)
    evidence.push_back(evidence_at(call::pack(loss.frame), loss.time, text_of(loss, registration)));
  std::stable_sort(evidence.begin(), evidence.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  finding::Finding found = finding::Finding::fail(kRule, held ? finding::Severity::minor : finding::Severity::major,
                                                  kConfidence, statement_of(registration), evidence.front());
  found.evidence = std::move(evidence);
  if (all.cured_by_port(registration)) {
    found.statement +=
        " It came back as soon as it sent from another port: something on the way kept a stale state of the old one.";
    found.behaviours = {"C04"};
  }
  if (refreshed_too_late(registration)) {
    found.cause = finding::Cause::endpoint;
    found.statement += " It refreshes every " + seconds_text(registration.refresh_interval()) +
                       ", which is no less than the " + std::to_string(*registration.expires_given) +
                       " s that are granted.";
  }
  return found;
}

/// What a registrar decides by the account and its password (RFC 3261 21.4): unless the path edits what it is asked.
[[nodiscard]] bool by_account(std::uint16_t status) {
  return status == 401 || status == 403 || status == 404 || status == 407;
}

/// Never registered, and refused with `status`, so many times.
[[nodiscard]] finding::Finding refused(const call::Registration& registration, std::uint16_t status,
                                       std::uint32_t times, call::FrameRef frame) {
  const bool denied = status == 401 || status == 407;
  finding::Finding found =
      finding::Finding::fail(kRule, finding::Severity::major, kConfidence,
                             std::string(registration.aor.view()) + " was never registered: the registrar " +
                                 (denied ? "refuses its credentials, and asks again with " : "refuses it with ") +
                                 std::to_string(status) + ".",
                             evidence_at(call::pack(frame), registration.last, counted(times, "refusal", "refusals")));
  if (!by_account(status)) return found;
  found.cause = finding::Cause::configuration;
  found.statement += " That is a matter of the account, its name and password, and no fault of the network.";
  return found;
}

/// Challenges of credentials that were no good: once may be those of an earlier session.
constexpr std::uint32_t kDenials = 2;

[[nodiscard]] bool never_accepted(const call::Registration& registration) {
  return registration.grant_count == 0 &&
         (registration.state == call::RegistrationState::refused ||
          (registration.state == call::RegistrationState::challenged && registration.denials >= kDenials));
}
[[nodiscard]] bool refused_by_account(const call::Registration* registration) {
  return by_account(registration->state == call::RegistrationState::refused ? registration->last_failure
                                                                            : registration->denial);
}
[[nodiscard]] finding::Finding refused(const call::Registration& registration) {
  if (registration.state == call::RegistrationState::refused)
    return refused(registration, registration.last_failure, registration.refusals, registration.failure_frame);
  return refused(registration, registration.denial, registration.denials, registration.denial_frame);
}

/// Of an address that asks for so many and has none accepted they are told together.
constexpr std::size_t kNamesOfOne = 5;

/// Names that came from one address, of which none was ever accepted.
using Names = std::vector<const call::Registration*>;

[[nodiscard]] bool of_scanner(const Names& names) {
  return std::ranges::any_of(names, [](const auto* name) { return is_scanner(name->product.view()); });
}

/// One finding for them all: of a scanner there may be thousands, and a gateway has one configuration.
[[nodiscard]] finding::Finding refused(const Names& names) {
  const call::Registration& one = **std::ranges::min_element(names, {}, &call::Registration::first);
  const std::string from = one.client.address.to_text();
  std::uint32_t times = 0;
  for (const call::Registration* const name : names) times += name->refusals + name->denials;
  finding::Finding found = refused(one);
  found.evidence.front().text = counted(times, "refusal", "refusals") + " in all, this one last of its name";
  found.statement = "The registrar refuses " + counted(names.size(), "name", "names") + " that " + from +
                    " wants to register, and accepts none: " + std::string(one.aor.view()) + " came first.";
  if (!of_scanner(names)) {
    found.statement +=
        " That is a matter of its accounts, names and passwords, and no fault of the network; or it is no site of "
        "yours, and guesses them.";
    return found;
  }
  note_scanner(found, one.product.view());
  return found;
}

/// One finding for all names of a scanner that nobody answered: a firewall that knows it drops them.
[[nodiscard]] finding::Finding unanswered(const Names& names) {
  const call::Registration& one = **std::ranges::min_element(names, {}, &call::Registration::first);
  const call::Registration::Loss& loss = one.losses.front();
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::note, kConfidence,
      "Nobody answers " + counted(names.size(), "name", "names") + " that " + one.client.address.to_text() +
          " wants to register: " + std::string(one.aor.view()) + " came first.",
      evidence_at(call::pack(loss.frame), loss.time, text_of(loss, one)));
  note_scanner(found, one.product.view());
  return found;
}

/// Whoever calls finds the phone at the other one.
void add_elsewhere(const Registrations& all, const call::Registration& registration, finding::Finding& found) {
  const call::Registration* const other = all.elsewhere(registration);
  if (other == nullptr) return;
  found.severity = finding::Severity::note;
  found.cause = finding::Cause::none;
  found.statement += " But it is registered at " + other->registrar.to_text() + ".";
}

/// Names refused by the account, by who asks for them: one finding for each such address, or each name of a few.
[[nodiscard]] std::vector<finding::Finding> refusals(const CaseFacts& facts, const Registrations& all) {
  std::map<net::Address, Names> by_client;
  std::set<net::Address> accepted;
  for (const call::Registration* const registration : facts.registrations) {
    if (registration->grant_count > 0) accepted.insert(registration->client.address);
    if (registration->losses.empty() && never_accepted(*registration))
      by_client[registration->client.address].push_back(registration);
  }
  std::vector<finding::Finding> findings;
  for (const auto& [client, names] : by_client) {
    const bool of_one = !accepted.contains(client) && std::ranges::all_of(names, refused_by_account) &&
                        (names.size() >= kNamesOfOne || of_scanner(names));
    if (of_one)
      findings.push_back(refused(names));
    else
      for (const call::Registration* const name : names)
        add_elsewhere(all, *name, findings.emplace_back(refused(*name)));
  }
  return findings;
}

/// The binding ran out and nothing was heard of the phone afterwards: it may have been switched off.
[[nodiscard]] bool only_left(const call::Registration& registration) {
  return std::all_of(registration.losses.begin(), registration.losses.end(), [&](const auto& loss) {
    return loss.kind == call::LossKind::expired && loss.time >= registration.last;
  });
}

[[nodiscard]] finding::Finding left(const call::Registration& registration) {
  finding::Finding open =
      finding::Finding::inconclusive(kRule, "The registration of " + std::string(registration.aor.view()) +
                                                " ran out, and its phone was not heard of "
                                                "any more: it may have been switched off.");
  const call::Registration::Loss& loss = registration.losses.front();
  open.evidence.push_back(evidence_at(call::pack(loss.frame), loss.time, text_of(loss, registration)));
  return open;
}

/// Each loss, but those of a scanner that was never accepted together.
[[nodiscard]] std::vector<finding::Finding> losses(const CaseFacts& facts, const Registrations& all) {
  std::vector<finding::Finding> findings;
  std::map<net::Address, Names> of_scanners;
  for (const call::Registration* const registration : facts.registrations) {
    if (registration->losses.empty()) continue;
    if (registration->grant_count == 0 && is_scanner(registration->product.view()))
      of_scanners[registration->client.address].push_back(registration);
    else
      add_elsewhere(all, *registration,
                    findings.emplace_back(only_left(*registration) ? left(*registration) : lost(all, *registration)));
  }
  for (const auto& [client, names] : of_scanners) findings.push_back(unanswered(names));
  return findings;
}

/// How long the longest of those was seen to try that have no answer yet.
[[nodiscard]] std::optional<Duration> longest_trying(const CaseFacts& facts) {
  std::optional<Duration> longest;
  for (const call::Registration* const one : facts.registrations)
    if (one->losses.empty() && one->state == call::RegistrationState::trying && !is_scanner(one->product.view()))
      longest = std::max(longest.value_or(Duration::zero()), one->last - one->first);
  return longest;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  const Registrations all(facts.registrations);
  std::vector<finding::Finding> findings = losses(facts, all);
  std::ranges::move(refusals(facts, all), std::back_inserter(findings));
  if (facts.signalling.registrations_left_out > 0) {
    findings.push_back(finding::Finding::inconclusive(
        kRule, "Of " + counted(facts.signalling.registrations_left_out, "registration", "registrations") +
                   ", for which there was no room, it is not known whether they were lost."));
    findings.back().severity = finding::Severity::minor;
  }
  if (!findings.empty()) return findings;
  if (std::ranges::any_of(facts.registrations, [](const auto* one) { return one->grant_count > 0; }))
    return {finding::Finding::pass(kRule, 1, "Each registration that was granted was kept.")};
  if (const std::optional<Duration> open = longest_trying(facts)) {
    finding::Finding found =
        finding::Finding::inconclusive(kRule, "REGISTER was not answered, but the capture ends before 32 s were over.");
    if (*open >= kLong) {
      found.cause = finding::Cause::not_proven;
      found.severity = finding::Severity::major;
    }
    return {found};
  }
  return {finding::Finding::not_applicable(kRule, "No registration was granted here.")};
}

}  // namespace

CaseRule registration_lost() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
