// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/request.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace viaduct::gateway {
namespace {

using Json = nlohmann::json;
using Problem = RequestProblem;

struct CommandShape {
  base::Bytes name;
  ControlCommand command;
  std::array<base::Bytes, 3> required;  // the rest is empty
  std::array<base::Bytes, 2> optional;
};

constexpr std::array<CommandShape, 11> kShapes = {{
    {"status", ControlCommand::status, {}, {}},
    {"calls", ControlCommand::calls, {}, {"after", "limit"}},
    {"registrations", ControlCommand::registrations, {}, {"after", "limit"}},
    {"why", ControlCommand::why, {"name"}, {}},
    {"recent", ControlCommand::recent, {}, {"after", "limit"}},
    {"memory", ControlCommand::memory, {}, {"after", "limit"}},
    {"memory_set", ControlCommand::memory_set, {"party", "aspect", "handles"}, {}},
    {"memory_forget", ControlCommand::memory_forget, {"party"}, {}},
    {"watch", ControlCommand::watch, {}, {}},
    {"metrics", ControlCommand::metrics, {}, {}},
    {"reload", ControlCommand::reload, {}, {}},
}};

std::unexpected<Problem> problem(const char* code, std::string text) {
  return std::unexpected(Problem{code, std::move(text)});
}

/// "'why' needs 'name'"
std::string about_field(const std::string& command, const char* what, base::Bytes name) {
  std::string text = "'";
  return text.append(command).append("' ").append(what).append(" '").append(name).append("'");
}

bool contains(std::span<const base::Bytes> names, const std::string& name) {
  return std::find(names.begin(), names.end(), base::Bytes(name)) != names.end();
}

/// Takes one field over; the text of what is wrong with it, or nothing.
std::string take(ControlRequest& request, const std::string& name, const Json& value) {
  if (name == "limit") {
    if (!value.is_number_unsigned() || value < 1U || value > Page::kMost)
      return "'limit' must be 1 to " + std::to_string(Page::kMost);
    request.page.limit = value.get<std::size_t>();
    return {};
  }
  if (name == "handles") {
    if (!value.is_boolean()) return "'handles' must be true or false";
    request.handles = value.get<bool>();
    return {};
  }
  if (!value.is_string()) return "'" + name + "' must be a string";
  std::string text = value.get<std::string>();
  if (name == "after") request.page.after = text;
  if (name == "name") request.name = text;
  if (name == "party") {
    std::optional<net::Address> party = net::parse_address(text);
    if (!party) return "'party' must be an address";
    request.party = *party;
  }
  if (name == "aspect") {
    if (text != "contact" && text != "sdp") return "'aspect' must be \"contact\" or \"sdp\"";
    request.aspect = text == "sdp" ? alg::Aspect::sdp : alg::Aspect::contact;
  }
  return {};
}

}  // namespace

std::expected<ControlRequest, Problem> parse_request(base::Bytes line) {
  if (line.size() > kMaxRequest) return problem("too_long", "a request has at most 4096 octets");
  Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return problem("no_json", "a request is one JSON object in one line");
  Json::const_iterator command = json.find("command");
  if (command == json.cend() || !command->is_string()) return problem("no_command", "the request has no \"command\"");
  const std::string word = command->get<std::string>();
  const CommandShape* shape =
      std::find_if(kShapes.begin(), kShapes.end(), [&word](const CommandShape& s) { return s.name == word; });
  if (shape == kShapes.end()) return problem("unknown_command", "there is no command '" + word + "'");
  ControlRequest request;
  request.command = shape->command;
  for (base::Bytes name : shape->required)
    if (!name.empty() && !json.contains(std::string(name)))
      return problem("missing_field", about_field(word, "needs", name));
  for (const auto& [name, value] : json.items()) {
    if (name == "command") continue;
    if (name.empty() || (!contains(shape->required, name) && !contains(shape->optional, name)))
      return problem("unknown_field", about_field(word, "has no field", name));
    if (std::string wrong = take(request, name, value); !wrong.empty()) return problem("wrong_value", wrong);
  }
  return request;
}

}  // namespace viaduct::gateway
