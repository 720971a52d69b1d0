// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/guide.hpp"

#include "audit/plan.hpp"
#include "base/join.hpp"
#include "report/columns.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace viaduct::app::audit {
namespace {

using viaduct::audit::Member;
using viaduct::audit::Plan;
using viaduct::audit::Product;
using Json = nlohmann::ordered_json;
using Kind = Plan::Step::Kind;

[[nodiscard]] Json json_of(const Product& product) {
  return {{"id", product.id},
          {"vendor", product.vendor},
          {"family", product.family},
          {"versions", product.versions},
          {"aliases", product.aliases},
          {"alg_families", product.alg_families},
          {"feature_names", product.feature_names},
          {"default_state", product.default_state},
          {"confidence", product.confidence},
          {"read_by", product.reader.empty() ? "patterns" : "reader"}};
}

[[nodiscard]] std::vector<std::string> names_of(const std::vector<Member>& members) {
  std::vector<std::string> names;
  names.reserve(members.size());
  for (const Member member : members) names.emplace_back(name(member));
  return names;
}

/// What exactly nothing backs.
[[nodiscard]] std::string doubts_of(const Product& product) {
  std::vector<std::string> doubts = names_of(product.unverified);
  for (const std::string& note : product.unverified_notes) doubts.push_back(note);
  return doubts.empty() ? std::string() : "; not verified: " + base::joined(doubts, ", ");
}

class Page {
 public:
  explicit Page(std::size_t width) : width_(width) {}

  /// Commands of a member that are in no plan, marked like those of one.
  void commands(const std::string& heading, const Product& product, Member member,
                const std::vector<std::string>& commands) {
    std::vector<std::string> lines;
    lines.reserve(commands.size());
    for (const std::string& command : commands)
      lines.push_back(command + (product.backed(member, command) ? "" : "    (not verified)"));
    part(heading, lines);
  }
  void line(const std::string& text) { out_ += report::wrapped(text, width_, ""); }
  void part(const std::string& heading, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out_ += "\n" + heading + "\n";
    for (const std::string& text : lines) out_ += "  " + text + "\n";
  }
  void notes(const std::string& heading, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out_ += "\n" + heading + "\n";
    for (const std::string& text : lines) out_ += report::wrapped(text, width_, "  ");
  }
  /// Commands of one kind; those that nothing backs are marked.
  void steps(const std::string& heading, const Plan& plan, Kind kind) {
    std::vector<std::string> lines;
    for (const Plan::Step& step : plan.steps)
      if (step.kind == kind)
        lines.push_back(step.command + (!step.backed ? "    (not verified)"
                                        : step.open  ? "    (to be filled in)"
                                                     : ""));
    part(heading, lines);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::size_t width_;
  std::string out_;
};

[[nodiscard]] std::string timeout_text(const Product::UdpTimeout& timeout) {
  std::string text = timeout.standard < 0 ? "not known" : std::to_string(timeout.standard) + " s";
  if (timeout.unreplied >= 0) text += ", " + std::to_string(timeout.unreplied) + " s before an answer";
  if (timeout.assured >= 0) text += ", " + std::to_string(timeout.assured) + " s with packets both ways";
  if (timeout.fixed) text += "; it cannot be changed: let the phones send keep-alives more often";
  if (timeout.most >= 0) text += "; at most " + std::to_string(timeout.most) + " s";
  return text;
}

}  // namespace

std::string vendors_text(const std::vector<const Product*>& products, std::size_t width) {
  report::Columns columns({"<product", "vendor", "what it is", "<by default", "<confidence", "<read by"});
  for (const Product* product : products)
    columns.add({product->id, product->vendor, product->family, product->default_state, product->confidence,
                 product->reader.empty() ? "patterns" : "reader"});
  return columns.to_text(width, "");
}

std::string vendors_json(const std::vector<const Product*>& products) {
  Json list = Json::array();
  for (const Product* product : products) list.push_back(json_of(*product));
  return list.dump(2) + "\n";
}

std::string how_to_text(const Product& product, std::size_t width) {
  const Plan plan = plan_of(product, true, true);
  Page page(width);
  page.line(product.title() + " (" + product.id + "), " + product.versions);
  page.line("known as: " + base::joined(product.feature_names, ", ") + "; by default: " + product.default_state);
  if (!plan.where.empty())
    page.notes("In the web interface" + std::string(plan.where_verified ? "" : " (not verified)"), {plan.where});
  page.steps("Check", plan, Kind::check);
  page.steps("Switch it off", plan, Kind::change);
  for (const Product::DisableElse& other : product.disable_else)
    page.commands("Switch it off: " + other.when, product, Member::disable_else, other.commands);
  page.commands("Related", product, Member::related_disable, product.related_disable);
  page.notes("UDP sessions", {"default: " + timeout_text(product.udp_timeout) + "; at least 120 s, 300 s advised"});
  if (!product.udp_timeout.notes.empty()) page.notes("On UDP sessions", {product.udp_timeout.notes});
  const bool reach = product.udp_timeout.most < 0 || product.udp_timeout.most >= viaduct::audit::Timer::kAdvised;
  page.steps(reach ? "Set them to 300 s" : "Set them as long as they can be", plan, Kind::timer);
  page.commands("Give RTP priority", product, Member::qos, product.qos_commands);
  if (!product.qos_notes.empty()) page.notes("On priority", {product.qos_notes});
  page.steps("Then end the sessions that keep the old state (calls on them end)", plan, Kind::clear);
  page.steps("Restart", plan, Kind::restart);
  page.steps("Verify", plan, Kind::verify);
  page.steps("Undo", plan, Kind::undo);
  page.notes("To know before", plan.notes);
  page.notes("Confidence", {product.confidence + doubts_of(product)});
  page.notes("Sources", product.sources);
  return page.take();
}

std::string how_to_json(const Product& product) {
  const Plan plan = plan_of(product, true, true);
  Json object = json_of(product);
  object["web_interface"] = plan.where;
  object["steps"] = Json::array();
  for (const Plan::Step& step : plan.steps)
    object["steps"].push_back(
        {{"step", name(step.kind)}, {"command", step.command}, {"verified", step.backed && !step.open}});
  object["related"] = product.related_disable;
  object["udp_timeout"] = timeout_text(product.udp_timeout);
  object["qos"] = {{"commands", product.qos_commands}, {"notes", product.qos_notes}};
  object["notes"] = plan.notes;
  object["unverified"] = names_of(product.unverified);
  object["unverified_commands"] = product.unverified_commands;
  object["unverified_notes"] = product.unverified_notes;
  object["sources"] = product.sources;
  return object.dump(2) + "\n";
}

}  // namespace viaduct::app::audit
