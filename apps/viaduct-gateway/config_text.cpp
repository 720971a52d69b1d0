// SPDX-License-Identifier: GPL-2.0-or-later
// The table of keys as text for people: effective configuration, example file, manual page.
#include "viaduct-gateway/config.hpp"
#include "viaduct-gateway/config_keys.hpp"
#include "viaduct-gateway/prefix_text.hpp"

#include <sstream>

namespace viaduct::gateway {
namespace {

constexpr std::size_t kExampleWidth = 100;
constexpr std::size_t kManualWidth = 79;

/// `text` in lines of at most `width`, each behind `lead`.
std::string wrapped(base::Bytes text, const std::string& lead, std::size_t width = kExampleWidth) {
  std::string out;
  std::string line;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (!line.empty() && lead.size() + line.size() + 1 + word.size() > width) {
      out += lead + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + lead + line + "\n";
}

std::string optional_line(const char* name, const std::string& value) {
  return value.empty() ? std::string() : std::string(name) + " = " + value + "\n";
}

std::string quoted(base::Bytes text) {
  return "\"" + std::string(text) + "\"";
}

std::string handles_text(const std::optional<bool>& handles) {
  return !handles ? std::string() : *handles ? "true" : "false";
}

std::string rule_lines(const alg::PartyRule& rule) {
  return optional_line("mode", rule.mode ? quoted(text(*rule.mode)) : "") +
         optional_line("handles_contact", handles_text(rule.handles_contact)) +
         optional_line("handles_sdp", handles_text(rule.handles_sdp));
}

std::string repeated_sections(const alg::Policy& policy, base::Bytes name) {
  std::string out;
  for (const alg::InsideRule& rule : policy.inside)
    if (name == "inside")
      out += "\n[[inside]]\nnetwork = " + quoted(prefix_text(rule.network)) + "\n" +
             optional_line("mode", rule.mode ? quoted(text(*rule.mode)) : "");
  for (const alg::PlatformRule& rule : policy.platforms)
    if (name == "platform")
      out += "\n[[platform]]\n" +
             (rule.address ? "address = " + quoted(prefix_text(*rule.address)) : "domain = " + quoted(rule.domain)) +
             "\n" + rule_lines(rule.rule);
  for (const alg::EndpointRule& rule : policy.endpoints)
    if (name == "endpoint")
      out += "\n[[endpoint]]\naddress = " + quoted(prefix_text(rule.address)) + "\n" + rule_lines(rule.rule);
  return out;
}

/// Text lines of mdoc: a dot or a quote in front would be read as a request.
std::string mdoc_lines(base::Bytes text) {
  std::istringstream lines(wrapped(text, "", kManualWidth));
  std::string out;
  for (std::string line; std::getline(lines, line);)
    out += (line.starts_with('.') || line.starts_with('\'') ? "\\&" : "") + line + "\n";
  return out;
}

/// Sentences begin on a line of their own, as mdoc wants it.
std::string mdoc_sentences(base::Bytes text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = text.find(". ");
    base::Bytes sentence = end == base::Bytes::npos ? text : text.substr(0, end + 1);
    text.remove_prefix(end == base::Bytes::npos ? text.size() : end + 2);
    out += mdoc_lines(sentence);
  }
  return out;
}

std::string manual_key(const ConfigKey& key) {
  std::string standard = standard_of(key);
  std::string out = ".It Ic " + std::string(key.name) + "\n" + mdoc_sentences(key.meaning);
  out += ".br\n" + mdoc_lines("Values: " + values_of(key) + ".");
  out += ".br\n" + mdoc_lines(key.required ? "Required." : "Default: " + standard + ".");
  if (key.restart) out += ".br\nA change needs a restart.\n";
  return out;
}

}  // namespace

std::string to_toml(const GatewayConfig& config) {
  std::string out;
  for (const ConfigSection& section : config_sections()) {
    if (section.repeated) {
      out += repeated_sections(config.policy, section.name);
      continue;
    }
    std::string lines;
    for (const ConfigKey& key : config_keys())
      if (key.section == section.name) lines += optional_line(std::string(key.name).c_str(), key.write(config));
    if (!lines.empty()) out += (section.name.empty() ? "" : "\n" + header_of(section) + "\n") + lines;
  }
  return out;
}

std::string example_config() {
  std::string out = wrapped(
      "Configuration of viaduct-gateway(8). Every key is here, commented out, with its default or with an example. "
      "'viaduct-gateway --check-config' checks this file, 'viaduct gateway reload' makes it hold. More in "
      "viaduct-gateway.toml(5).",
      "# ");
  for (const ConfigSection& section : config_sections()) {
    if (!section.name.empty())
      out += "\n" + wrapped(section.meaning, "# ") + (section.repeated ? "#" : "") + header_of(section) + "\n";
    for (const ConfigKey& key : config_keys()) {
      if (key.section != section.name) continue;
      std::string value = key.example.empty() ? standard_of(key) : std::string(key.example);
      std::string standard = standard_of(key);
      out += "\n" + wrapped(key.meaning, "# ") + wrapped("Values: " + values_of(key) + ".", "# ");
      out += wrapped(key.required ? "Required." : "Default: " + standard + ".", "# ");
      out += "#" + std::string(key.name) + " = " + value + "\n";
    }
  }
  return out;
}

std::string manual_keys() {
  std::string out;
  for (const ConfigSection& section : config_sections()) {
    out += section.name.empty() ? ".Ss Top of the file\n"
                                : ".Ss " + header_of(section) + "\\&\n" + mdoc_sentences(section.meaning);
    out += ".Bl -tag -width Ds\n";
    for (const ConfigKey& key : config_keys())
      if (key.section == section.name) out += manual_key(key);
    out += ".El\n";
  }
  return out;
}

}  // namespace viaduct::gateway
