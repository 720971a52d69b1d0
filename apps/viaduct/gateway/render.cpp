// SPDX-License-Identifier: GPL-2.0-or-later
#include "gateway/render.hpp"

#include "base/escape.hpp"

#include <sstream>

namespace viaduct::client {
namespace {

bool has(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && !object[key].is_null();
}

/// A value as text; "-" when it is missing or null.
std::string cell(const Json& object, const char* key) {
  if (!has(object, key)) return "-";
  const Json& value = object[key];
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string safe(const Json& object, const char* key) {
  return base::escape(cell(object, key));
}

/// Text of several lines, each of them safe.
std::string lines(const std::string& text) {
  std::string out;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) out += base::escape(line) + "\n";
  return out;
}

double number(const Json& object, const char* key) {
  return has(object, key) && object[key].is_number() ? object[key].get<double>() : 0;
}

bool truth(const Json& object, const char* key) {
  return has(object, key) && object[key].is_boolean() && object[key].get<bool>();
}

const Json& list(const Json& object, const char* key) {
  static const Json none = Json::array();
  return has(object, key) && object[key].is_array() ? object[key] : none;
}

/// 12:34:56.789 of an RFC 3339 time.
std::string time_of_day(const std::string& time) {
  std::size_t t = time.find('T');
  return t == std::string::npos ? time : time.substr(t + 1, 12);
}

std::string field(const Style& style, const std::string& name, const std::string& value) {
  return style.strong + name + style.plain + std::string(name.size() < 14 ? 14 - name.size() : 1, ' ') + value + "\n";
}

std::string joined(const Json& values) {
  if (values.is_string()) return values.get<std::string>();
  std::string out;
  for (const Json& value : values)
    out += (out.empty() ? "" : ", ") + (value.is_string() ? value.get<std::string>() : value.dump());
  return out;
}

std::string queue_text(const Json& document) {
  if (!has(document, "queue")) return "none: no SIP is read";
  const Json& queue = document["queue"];
  return cell(queue, "number") + ", " + cell(queue, "waiting") + " of " + cell(queue, "length") + " waiting, " +
         cell(queue, "passed_unread") + " passed unread";
}

std::string qos_text(const Json& document) {
  if (!has(document, "qos")) return "no queues: no [qos] rate is set";
  const Json& qos = document["qos"];
  return std::to_string(static_cast<std::uint64_t>(number(qos, "rate")) / 1000) + " kbit/s on " +
         base::escape(joined(list(qos, "interfaces")));
}

std::string wan_text(const Json& wan, const Style& style) {
  std::string text = safe(wan, "interface") + "  ";
  if (!has(wan, "address")) return text + style.bad + "no IPv4 address" + style.plain;
  text += safe(wan, "address");
  if (truth(wan, "global")) return text;
  return text + "  " + style.bad + "not global: the provider translates as well, pinhole at most" + style.plain;
}

std::string counter_table(const Json& counters, const Style& style) {
  Table table({"COUNTED SINCE THE START", ""});
  for (const auto& [name, value] : counters.items()) table.add({name, value.dump()});
  return table.empty() ? "" : "\n" + table.to_text(style);
}

std::string why_left(const Json& association, const char* key, const char* what) {
  if (!has(association, key)) return "";
  const Json& reason = association[key];
  return std::string("  ") + what + " is left alone: " + safe(reason, "text") + " (" + safe(reason, "rule") + ")\n";
}

std::string ways(const Json& association) {
  return safe(association, "inner") + " - " + safe(association, "platform") + " over " + safe(association, "wan");
}

std::string event_table(const Json& association, const Style& style) {
  Table table({"TIME (UTC)", "", "MESSAGE", "FIELD", "DECISION", "WHY"});
  for (const Json& event : list(association, "events")) {
    std::string why = cell(event, "text");
    if (why.empty()) why = cell(event, "rule") == "none" ? "-" : cell(event, "rule");
    if (cell(event, "after") != "-") why.insert(0, cell(event, "before") + " -> " + cell(event, "after") + "; ");
    table.add({time_of_day(cell(event, "time")), cell(event, "direction") == "out" ? ">" : "<", cell(event, "message"),
               cell(event, "field"), cell(event, "decision"), why});
  }
  return table.empty() ? "  nothing was decided yet\n" : table.to_text(style, "  ");
}

std::string mapping_lines(const Json& association) {
  std::string out;
  for (const Json& mapping : list(association, "mappings")) {
    std::string from = has(mapping, "sources") ? joined(mapping["sources"]) : "-";
    out += "  " + safe(mapping, "kind") + " " + safe(mapping, "inner") + " = " + safe(mapping, "outer") + ", from " +
           base::escape(from) + "\n";
    if (has(mapping, "unusable_because")) out += "    out of use: " + safe(mapping["unusable_because"], "text") + "\n";
  }
  return out;
}

/// What passed without an association; with the name where rows of several are shown.
std::string passed_table(const Json& document, bool named, const Style& style) {
  std::vector<std::string> head = {"TIME (UTC)", "", "MESSAGE", "TIMES", "FROM", "TO", "WHY"};
  if (named) head.insert(head.begin() + 3, "CALL-ID");
  Table table(head);
  for (const Json& row : list(document, "passed")) {
    const std::string way = cell(row, "direction");
    std::string why = cell(row, "text");
    if (has(row, "setting")) why += " (" + cell(row, "setting") + ")";
    std::vector<std::string> cells = {time_of_day(cell(row, "time")),
                                      way == "out"  ? ">"
                                      : way == "in" ? "<"
                                                    : "",
                                      cell(row, "message"),
                                      cell(row, "times"),
                                      cell(row, "source"),
                                      cell(row, "destination"),
                                      why};
    if (named) cells.insert(cells.begin() + 3, cell(row, "call_id"));
    table.add(cells);
  }
  return table.empty() ? "" : table.to_text(style, "  ");
}

std::string association_table(const Json& rows, const char* name, const Style& style) {
  Table table({name, "PHASE", "MODE", "INNER", "PLATFORM", "WAN", "AGE", "MEDIA", "EDITED"});
  for (const Json& row : rows) {
    std::size_t media = 0;
    for (const Json& mapping : list(row, "mappings")) media += cell(mapping, "kind") == "signalling" ? 0 : 1;
    table.add({cell(row, "name"), cell(row, "phase"), cell(row, "mode"), cell(row, "inner"), cell(row, "platform"),
               cell(row, "wan"), duration_text(number(row, "age")), std::to_string(media), cell(row, "edited_fields")});
  }
  return table.to_text(style);
}

}  // namespace

std::string render_status(const Json& document, const Style& style) {
  std::string out = field(style, "mode", safe(document, "mode"));
  out += field(style, "running",
               duration_text(number(document, "uptime")) + ", pid " + safe(document, "process") + ", version " +
                   safe(document, "version"));
  out += field(style, "configuration", safe(document, "config"));
  if (list(document, "wans").empty()) out += field(style, "wan", std::string(style.bad) + "none" + style.plain);
  for (const Json& wan : list(document, "wans")) out += field(style, "wan", wan_text(wan, style));
  out += field(style, "queue", queue_text(document));
  out += field(style, "priority", qos_text(document));
  Json now = has(document, "now") ? document["now"] : Json::object();
  out += field(style, "calls",
               cell(now, "calls_confirmed") + " answered, " + cell(now, "calls_early") + " ringing, " +
                   cell(now, "calls_ending") + " ended");
  out += field(style, "registrations", cell(now, "registrations"));
  out += field(style, "mappings",
               cell(now, "signalling_mappings") + " signalling, " + cell(now, "media_mappings") + " media, " +
                   cell(now, "watched_media") + " watched");
  out += field(style, "memory", size_text(number(document, "memory")));
  if (has(document, "counters")) out += counter_table(document["counters"], style);
  for (const Json& warning : list(document, "warnings"))
    out += std::string("\n") + style.bad + "warning: " + style.plain +
           base::escape(warning.is_string() ? warning.get<std::string>() : warning.dump()) + "\n";
  return out;
}

std::string render_calls(const Json& document, const Style& style) {
  if (list(document, "calls").empty()) return "no calls\n";
  return association_table(list(document, "calls"), "CALL-ID", style);
}

std::string render_registrations(const Json& document, const Style& style) {
  if (list(document, "registrations").empty()) return "no registrations\n";
  return association_table(list(document, "registrations"), "ADDRESS OF RECORD", style);
}

std::string render_why(const Json& document, const Style& style) {
  std::string out;
  for (const Json& association : list(document, "associations")) {
    out += (out.empty() ? "" : "\n") + std::string(style.strong) + safe(association, "kind") + " " +
           safe(association, "name") + style.plain + "\n";
    out += "  " + ways(association) + ", opened from " + safe(association, "opened_by") + " " +
           duration_text(number(association, "age")) + " ago, " + safe(association, "phase") + ", mode " +
           safe(association, "mode") + ", forgotten in " + duration_text(number(association, "expires_in")) + "\n";
    out += why_left(association, "contact_left_because", "Contact");
    out += why_left(association, "sdp_left_because", "SDP");
    out += mapping_lines(association);
    for (const Json& entry : list(association, "ledger"))
      out += "  remembers " + safe(entry, "field") + ": " + safe(entry, "inner") + " inside, " + safe(entry, "outer") +
             " outside\n";
    out += event_table(association, style);
  }
  const std::string passed = passed_table(document, false, style);
  if (passed.empty()) return out;
  return out + (out.empty() ? "" : "\n") + style.strong + "passed without being followed" + style.plain + "\n" + passed;
}

std::string render_recent(const Json& document, const Style& style) {
  const std::string passed = passed_table(document, true, style);
  if (passed.empty()) return "nothing passed without being followed\n";
  return std::string(style.strong) + "passed without being followed" + style.plain + "\n" + passed;
}

std::string render_memory(const Json& document, const Style& style) {
  Table table({"PARTY", "HALF", "HANDLES IT", "SOURCE", "AGE"});
  for (const Json& row : list(document, "configured"))
    table.add({cell(row, "party"), cell(row, "aspect"), truth(row, "handles") ? "yes" : "no", "configuration", "-"});
  for (const Json& row : list(document, "learnt"))
    table.add({cell(row, "party"), cell(row, "aspect"),
               truth(row, "provisional") ? "in one call"
               : truth(row, "handles")   ? "yes"
                                         : "no",
               cell(row, "source"), duration_text(number(row, "age"))});
  return table.empty() ? "nothing is known yet: learnt in observe and pinhole only\n" : table.to_text(style);
}

std::string render_reload(const Json& document, const Style& style) {
  std::string out =
      truth(document, "taken")
          ? std::string(style.good) + "reloaded" + style.plain + ": holds for new dialogs and registrations\n"
          : std::string(style.bad) + "not reloaded" + style.plain + ", the old configuration stays in force\n";
  if (has(document, "problem")) out += lines(cell(document, "problem"));
  if (!list(document, "needs_restart").empty())
    out += "needs a restart: " + base::escape(joined(list(document, "needs_restart"))) + "\n";
  return out;
}

std::string render_event(const Json& document, const Style& style) {
  std::string time = std::string(style.dim) + base::escape(time_of_day(cell(document, "time"))) + style.plain + " ";
  if (cell(document, "format").starts_with("gateway-notice"))
    return time + style.bad + safe(document, "level") + ": " + style.plain + safe(document, "text") + "\n";
  std::string out = time + (cell(document, "direction") == "out" ? "> " : "< ") + style.strong +
                    safe(document, "message") + style.plain + " " + safe(document, "field") + " " +
                    safe(document, "decision") + ": ";
  if (cell(document, "after") != "-") out += safe(document, "before") + " -> " + safe(document, "after") + "; ";
  out += cell(document, "text").empty() ? safe(document, "rule") : safe(document, "text");
  return out + style.dim + "  [" + safe(document, "inner") + " - " + safe(document, "platform") + ", " +
         safe(document, "name") + "]" + style.plain + "\n";
}

}  // namespace viaduct::client
