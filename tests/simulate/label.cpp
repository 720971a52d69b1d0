// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/label.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace viaduct::simulate {
namespace {

// What makes a case provable: the definition of README.md, not that of any analyser.
constexpr std::size_t kOnsetsAlone = 6, kOnsetsPooled = 4, kCallsPooled = 3;
// A port that changed after a silence, or media that came back with its receiver, needs no rhythm: twice is no chance.
constexpr std::size_t kMappingsAlone = 2;
constexpr Seconds kAudible = 0.2, kStray = 0.1;
constexpr Seconds kDeepQueue = 0.06;
constexpr std::array<std::string_view, 3> kVantages{"server", "client", "both"};

/// A JSON object that is being written; the texts are ours and need no escapes.
class Object {
 public:
  void text(std::string_view name, std::string_view value) { key(name).append("\"").append(value).append("\""); }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
  void number(std::string_view name, double value) { key(name) += figure(value); }
  void count(std::string_view name, std::uint64_t value) { key(name) += std::to_string(value); }
  void texts(std::string_view name, const std::vector<std::string_view>& values) {
    std::string& text = key(name);
    text += '[';
    for (const std::string_view value : values)
      text.append(text.back() == '[' ? "\"" : ", \"").append(value).append("\"");
    text += ']';
  }
  void onsets(std::string_view name, const std::vector<Onset>& onsets) {
    std::string& text = key(name);
    text += '[';
    for (const Onset& onset : onsets) {
      text.append(text.back() == '[' ? "" : ", ").append("[").append(figure(onset.time)).append(", ");
      text.append(figure(onset.until - onset.time))
          .append(onset.direction == Direction::up ? ", \"up\"" : ", \"down\"");
      text.append("]");
    }
    text += ']';
  }
  [[nodiscard]] std::string done() const { return "{" + text_ + "}\n"; }

 private:
  static std::string figure(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
  }
  std::string& key(std::string_view name) {
    return text_.append(text_.empty() ? "\"" : ", \"").append(name).append("\": ");
  }
  std::string text_;
};

std::vector<Onset> sorted(std::vector<Onset> onsets) {
  std::ranges::sort(onsets, {}, &Onset::time);
  return onsets;
}

/// All onsets, wherever they hit.
std::vector<Onset> all_onsets(const Call& call) {
  std::vector<Onset> all;
  for (const Direction direction : {Direction::up, Direction::down})
    for (const Where where : {Where::sender, Where::path, Where::beyond})
      all.insert(all.end(), call.harm.onsets(direction, where).begin(), call.harm.onsets(direction, where).end());
  return sorted(std::move(all));
}

/// Whether a hole that has nothing to do with the site's trouble can be heard and seen.
bool strayed(const SiteSetup& setup, const Call& call) {
  const auto heard = [&](Direction direction) {
    return std::ranges::any_of(call.strays.onsets(direction, Where::path),
                               [](const Onset& onset) { return onset.until - onset.time >= kStray; });
  };
  return (setup.captures_outside() && heard(Direction::up)) || (setup.captures_inside() && heard(Direction::down));
}

/// Those that leave something in the capture.
std::vector<Onset> seen_onsets(const SiteSetup& setup, const Call& call) {
  std::vector<Onset> seen;
  const auto take = [&](Direction direction, Where where) {
    for (const Onset& onset : call.harm.onsets(direction, where))
      if (onset.until - onset.time >= kAudible || (setup.up.queue && onset.packets >= 3)) seen.push_back(onset);
  };
  take(Direction::up, Where::sender);
  take(Direction::down, Where::sender);
  if (setup.captures_outside()) take(Direction::up, Where::path);
  if (setup.captures_inside()) take(Direction::down, Where::path);
  if (setup.truth == "nat-timeout" && setup.captures_outside())
    for (const Seconds moved : call.moves) seen.push_back({moved, moved, 0, Direction::up});
  return sorted(std::move(seen));
}

/// Onsets of both directions within a second are one.
std::size_t distinct(const std::vector<Onset>& onsets) {
  std::size_t count = 0;
  Seconds last = -10;
  for (const Onset& onset : onsets) {
    if (onset.time > last + 1) ++count;
    last = onset.time;
  }
  return count;
}

struct Judgement {
  std::vector<Onset> onsets, seen;
  std::size_t count = 0;
  unsigned marks = 0;
  bool evidence = false;  ///< beside the onsets, what the cause must show
  bool harmed = false;
  bool provable = false;
};

/// What the box leaves in the messages of any phone of the site: it is one box.
unsigned site_marks(const SiteSetup& setup, const SiteRun& run) {
  unsigned marks = 0;
  for (const auto& call : run.calls)
    marks |= (setup.captures_inside() ? call->line->down_marks : 0U) |
             (setup.captures_outside() ? call->line->up_marks : 0U);
  return marks;
}

/// Whether the capture shows a SIP ALG: captures of both sides show the edit, one side marks that nothing else leaves.
bool shows_alg(const SiteSetup& setup, unsigned marks) {
  return setup.captures_inside() && setup.captures_outside() ? marks != 0 : mark::prove(marks);
}

Judgement judge(const SiteSetup& setup, const SiteRun& run, const Call& call) {
  Judgement judgement;
  judgement.onsets = all_onsets(call);
  judgement.seen = seen_onsets(setup, call);
  judgement.count = distinct(judgement.seen);
  judgement.marks = site_marks(setup, run);
  judgement.harmed = setup.truth != "none" && !judgement.onsets.empty();
  judgement.evidence = true;
  if (setup.truth == "sip-alg") judgement.evidence = shows_alg(setup, judgement.marks);
  if (setup.truth == "bandwidth") judgement.evidence = run.queue_depth >= kDeepQueue;
  // A phone that stops and whose clock goes on looks like one that was muted, and one that throws away what it numbered
  // like a path that does.
  constexpr std::array kLookElse{"stopped", "ended", "dropped"};
  if (setup.truth == "unknown" || std::ranges::find(kLookElse, setup.kind) != kLookElse.end())
    judgement.evidence = false;
  return judgement;
}

std::vector<Judgement> judge_all(const SiteSetup& setup, const SiteRun& run) {
  std::vector<Judgement> judgements;
  judgements.reserve(run.calls.size());
  for (const auto& call : run.calls) judgements.push_back(judge(setup, run, *call));
  const auto pooled = std::ranges::count_if(judgements, [](const Judgement& j) { return j.count >= kOnsetsPooled; });
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    Judgement& each = judgements[i];
    const bool in_pool = pooled >= static_cast<std::ptrdiff_t>(kCallsPooled) && each.count >= kOnsetsPooled;
    const std::size_t alone = setup.truth == "nat-timeout" ? kMappingsAlone : kOnsetsAlone;
    // Captures of both sides show the edit, and that the same box discards: that needs no statistics.
    const bool caught = setup.truth == "sip-alg" && setup.captures_inside() && setup.captures_outside();
    const bool enough = each.count >= (caught ? 0 : alone) || in_pool;
    // Without end, and written down in the message: it needs no onsets to be counted.
    const bool one_way = setup.alg && setup.alg->skips_port && !setup.latches;
    each.harmed = each.harmed || one_way;
    each.provable = each.harmed && each.evidence && (enough || (one_way && setup.captures_outside()));
  }
  return judgements;
}

std::string truth_of(const SiteSetup& setup, const Call& call, const Judgement& judgement) {
  if (judgement.harmed) return setup.truth;
  return strayed(setup, call) ? "unknown" : "none";
}

/// Why the capture does not prove what is wrong; empty if it does, or nothing is.
std::string_view why_not(const Judgement& judgement, std::string_view truth) {
  if (truth == "none" || judgement.provable) return "";
  if (truth == "unknown") return "no-name";
  if (judgement.count == 0) return "unseen";
  return judgement.evidence ? "few" : "no-evidence";
}

/// Nothing came again until the call was over: as if somebody had been muted.
bool ends_for_good(const Call& call, const Judgement& judgement) {
  return judgement.count == 1 && judgement.seen.back().until >= call.ended - 1;
}

/// The verdicts that are right. Where something is wrong that the capture does not show, or shows too little of, "none"
/// is no worse than "unknown".
std::vector<std::string_view> accepted(const SiteSetup& setup, const Call& call, const Judgement& judgement,
                                       std::string_view truth) {
  if (judgement.provable) return {truth};
  if (truth == "none" && setup.capture_missed.empty()) return {"none"};
  if (judgement.count > 0 && setup.kind != "stopped" && !ends_for_good(call, judgement)) return {"unknown"};
  return {"unknown", "none"};
}

}  // namespace

std::string call_labels(const SiteSetup& setup, const SiteRun& run) {
  const std::vector<Judgement> judgements = judge_all(setup, run);
  std::string lines;
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    const Call& call = *run.calls[i];
    const Judgement& judgement = judgements[i];
    if (call.answered < 0) continue;
    const std::string truth = truth_of(setup, call, judgement);
    Object object;
    object.text("call_id", setup.captures_outside() ? call.outer_call_id : call.call_id);
    object.text("inner_call_id", call.call_id);
    object.text("site", setup.name);
    object.text("file", capture_name(setup));
    if (setup.vantage == Vantage::both) object.text("other_side", inside_name(setup));
    object.text("scenario", setup.scenario);
    object.text("kind", setup.kind);
    object.text("vantage", kVantages[static_cast<std::size_t>(setup.vantage)]);
    object.text("cause", truth);
    object.texts("accepted", accepted(setup, call, judgement, truth));
    object.flag("provable", judgement.provable);
    object.text("why_not", why_not(judgement, truth));
    object.flag("alg_in_path", setup.alg.has_value());
    object.text("alg_family", setup.alg ? name(setup.alg->family) : "");
    object.texts("alg_marks", mark::names(judgement.marks));
    object.texts("innocent_marks", setup.lookalike.empty() ? std::vector<std::string_view>{}
                                                           : std::vector<std::string_view>{setup.lookalike});
    object.text("make", call.line->setup->make->agent);
    object.count("line", static_cast<std::uint64_t>(call.line->number));
    object.number("answered", call.answered);
    object.number("ended", call.ended);
    object.count("sent_up", call.up.sent);
    object.count("arrived_up", call.up.passed);
    object.count("sent_down", call.down.sent);
    object.count("arrived_down", call.down.passed);
    object.count("count", judgement.count);
    object.onsets("seen", judgement.seen);
    object.onsets("onsets", judgement.onsets);
    lines += object.done();
  }
  return lines;
}

std::string site_label(const SiteSetup& setup, const SiteRun& run) {
  Object object;
  object.text("site", setup.name);
  object.text("file", capture_name(setup));
  if (setup.vantage == Vantage::both) object.text("other_side", inside_name(setup));
  object.text("scenario", setup.scenario);
  object.text("kind", setup.kind);
  object.text("vantage", kVantages[static_cast<std::size_t>(setup.vantage)]);
  object.text("cause", setup.truth);
  object.flag("alg_in_path", setup.alg.has_value());
  object.text("lookalike", setup.lookalike);
  object.count("lines", run.lines.size());
  object.count("calls", run.calls.size());
  object.count("packets", run.packets);
  object.number("seconds", setup.length);
  object.number("queue", run.queue_depth);
  return object.done();
}

}  // namespace viaduct::simulate
