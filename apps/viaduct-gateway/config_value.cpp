// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/config_value.hpp"

#include "base/nearest.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

struct DscpName {
  base::Bytes name;
  std::uint8_t value;
};
// RFC 2474, 2597, 3246, 5865: what operators call them.
constexpr std::array<DscpName, 22> kDscpNames = {{
    {"cs0", 0},   {"cs1", 8},   {"cs2", 16},  {"cs3", 24},  {"cs4", 32},  {"cs5", 40},  {"cs6", 48},  {"cs7", 56},
    {"af11", 10}, {"af12", 12}, {"af13", 14}, {"af21", 18}, {"af22", 20}, {"af23", 22}, {"af31", 26}, {"af32", 28},
    {"af33", 30}, {"af41", 34}, {"af42", 36}, {"af43", 38}, {"ef", 46},   {"va", 44},
}};

struct Unit {
  base::Bytes name;
  std::uint64_t factor;
};
constexpr std::array<Unit, 4> kUnits = {{{"gbit", 1000000000}, {"mbit", 1000000}, {"kbit", 1000}, {"bit", 1}}};
constexpr std::uint64_t kLowestRate = 64000;          // one call does not fit below
constexpr std::uint64_t kHighestRate = 100000000000;  // 100 Gbit/s

const char* type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a decimal number";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

/// number and unit: "20mbit", "2.5gbit"; exact, in bit/s.
std::optional<std::uint64_t> parse_rate(base::Bytes text) {
  std::string lower(base::trim(text));
  for (char& c : lower) c = base::to_lower(c);
  std::size_t digits = lower.find_first_not_of("0123456789.");
  if (digits == std::string::npos || digits == 0) return std::nullopt;
  base::Bytes number = base::Bytes(lower).substr(0, digits);
  base::Bytes name = base::trim(base::Bytes(lower).substr(digits));
  const Unit* unit = std::find_if(kUnits.begin(), kUnits.end(), [name](const Unit& u) { return u.name == name; });
  std::size_t dot = number.find('.');
  std::optional<std::uint32_t> whole = base::parse_decimal(number.substr(0, dot));
  if (unit == kUnits.end() || !whole) return std::nullopt;
  std::uint64_t rate = *whole * unit->factor;
  if (dot == base::Bytes::npos) return rate;
  std::uint64_t part = unit->factor;
  for (char c : number.substr(dot + 1)) {
    if (c == '.' || part % 10 != 0) return std::nullopt;
    part /= 10;
    rate += static_cast<std::uint64_t>(c - '0') * part;
  }
  return number.ends_with('.') ? std::nullopt : std::optional(rate);
}

net::Address without_host_bits(const net::Prefix& prefix) {
  net::Address network = prefix.address;
  for (std::size_t bit = prefix.length; bit < network.size() * 8; ++bit)
    network.octets[bit / 8] = static_cast<std::uint8_t>(network.octets[bit / 8] & ~(0x80U >> bit % 8));
  return network;
}

/// "10000-20000"; nothing is said about the order of the two.
std::optional<alg::PortRange> parse_range(base::Bytes text) {
  const std::size_t dash = text.find('-');
  if (dash == base::Bytes::npos) return std::nullopt;
  const std::optional<std::uint16_t> first = base::parse_decimal<std::uint16_t>(text.substr(0, dash));
  const std::optional<std::uint16_t> last = base::parse_decimal<std::uint16_t>(text.substr(dash + 1));
  return first && last ? std::optional(alg::PortRange{*first, *last}) : std::nullopt;
}

}  // namespace

Place place_of(const toml::source_region& source) {
  Place place{source.begin.line, source.begin.column, 1};
  if (source.end.line == source.begin.line && source.end.column > source.begin.column)
    place.width = source.end.column - source.begin.column;
  return place;
}

std::string rate_text(std::uint64_t bits_per_second) {
  const Unit* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [bits_per_second](const Unit& u) { return bits_per_second % u.factor == 0; });
  return std::to_string(bits_per_second / unit->factor) + std::string(unit->name);
}

std::string dscp_text(std::uint8_t dscp) {
  for (const DscpName& known : kDscpNames)
    if (known.value == dscp) return "\"" + std::string(known.name) + "\"";
  return std::to_string(dscp);
}

void ConfigValue::wrong_at(const toml::node& node, const std::string& message, std::string hint) const {
  diagnostics_.add(place_of(node.source()), std::string(key_.name) + ": " + message, std::move(hint));
}

void ConfigValue::wrong(const std::string& message, std::string hint) const {
  wrong_at(node_, message, std::move(hint));
}

void ConfigValue::wrong_type(const toml::node& node, const char* expected) const {
  wrong_at(node, std::string("expected ") + expected + ", found " + type_name(node), "may be: " + values_of(key_));
}

std::optional<std::int64_t> ConfigValue::checked_integer() const {
  const toml::value<std::int64_t>* value = node_.as_integer();
  if (value == nullptr) {
    wrong_type(node_, "an integer");
    return std::nullopt;
  }
  if (value->get() < key_.range->low || value->get() > key_.range->high) {
    wrong(std::to_string(value->get()) + " is out of range", "may be: " + values_of(key_));
    return std::nullopt;
  }
  return value->get();
}

std::optional<std::string> ConfigValue::string() const {
  const toml::value<std::string>* value = node_.as_string();
  if (value == nullptr) {
    wrong_type(node_, "a string");
    return std::nullopt;
  }
  return value->get();
}

const toml::array* ConfigValue::array(const char* of_what) const {
  const toml::array* values = node_.as_array();
  if (values == nullptr) wrong_type(node_, of_what);
  return values;
}

std::optional<std::size_t> ConfigValue::one_of(const std::string& word, std::span<const base::Bytes> words) const {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return i;
  base::Bytes near = base::nearest(word, words);
  wrong("'" + word + "' is not known",
        near.empty() ? "may be: " + values_of(key_) : "did you mean \"" + std::string(near) + "\"?");
  return std::nullopt;
}

void ConfigValue::boolean(bool& target) const {
  const toml::value<bool>* value = node_.as_boolean();
  if (value == nullptr) return wrong_type(node_, "true or false");
  target = value->get();
}

void ConfigValue::boolean(std::optional<bool>& target) const {
  const toml::value<bool>* value = node_.as_boolean();
  if (value == nullptr) return wrong_type(node_, "true or false");
  target = value->get();
}

void ConfigValue::seconds(std::chrono::seconds& target) const {
  std::optional<std::int64_t> value = checked_integer();
  if (value) target = std::chrono::seconds(*value);
}

void ConfigValue::ports(std::vector<std::uint16_t>& target) const {
  const toml::array* values = array("a list of ports");
  if (values == nullptr) return;
  if (values->empty() || values->size() > 16) return wrong("must name 1 to 16 ports", "to read no SIP: mode = \"off\"");
  std::vector<std::uint16_t> ports;
  for (const toml::node& node : *values) {
    const toml::value<std::int64_t>* port = node.as_integer();
    if (port == nullptr) return wrong_type(node, "a port number");
    if (port->get() < 1 || port->get() > 65535)
      return wrong_at(node, std::to_string(port->get()) + " is not a port", "ports are 1 to 65535");
    if (std::find(ports.begin(), ports.end(), port->get()) != ports.end())
      return wrong_at(node, "port " + std::to_string(port->get()) + " is named twice");
    ports.push_back(static_cast<std::uint16_t>(port->get()));
  }
  target = ports;
}

void ConfigValue::interfaces(std::vector<std::string>& target) const {
  const toml::array* values = array("a list of interface names");
  if (values == nullptr) return;
  std::vector<std::string> names;
  for (const toml::node& node : *values) {
    const toml::value<std::string>* name = node.as_string();
    if (name == nullptr) return wrong_type(node, "an interface name");
    // IFNAMSIZ is 16 with the closing NUL; the kernel refuses '/' and blanks.
    bool legal = !name->get().empty() && name->get().size() <= 15 &&
                 name->get().find_first_of("/ \t\n\r:*\"") == std::string::npos;
    if (!legal) return wrong_at(node, "'" + name->get() + "' is not an interface name", "see 'ip link'");
    if (std::find(names.begin(), names.end(), name->get()) != names.end())
      return wrong_at(node, "'" + name->get() + "' is named twice");
    names.push_back(name->get());
  }
  target = names;
}

void ConfigValue::mode(alg::Mode& target) const {
  static const std::array<base::Bytes, 4> known_modes = {text(alg::Mode::off), text(alg::Mode::observe),
                                                         text(alg::Mode::pinhole), text(alg::Mode::assist)};
  std::optional<std::string> word = string();
  if (!word) return;
  std::optional<std::size_t> index = one_of(*word, known_modes);
  if (index) target = *alg::parse_mode(known_modes[*index]);
}

void ConfigValue::mode(std::optional<alg::Mode>& target) const {
  alg::Mode read{};
  std::size_t before = diagnostics_.count();
  mode(read);
  if (diagnostics_.count() == before) target = read;
}

void ConfigValue::handles(std::optional<bool>& target) const {
  if (const toml::value<bool>* value = node_.as_boolean()) {
    target = value->get();
  } else if (const toml::value<std::string>* word = node_.as_string(); word != nullptr && word->get() == "auto") {
    target.reset();
  } else {
    wrong("expected \"auto\", true or false", "\"auto\" uses what was learnt, see 'viaduct gateway memory'");
  }
}

void ConfigValue::network(std::optional<net::Prefix>& target) const {
  std::optional<std::string> word = string();
  if (!word) return;
  std::optional<net::Prefix> prefix = net::parse_prefix(*word);
  if (!prefix) return wrong("'" + *word + "' is no address or network", "may be: " + values_of(key_));
  net::Prefix clean{without_host_bits(*prefix), prefix->length};
  if (clean != *prefix)
    return wrong(
        "'" + *word + "' has bits set behind the prefix length",
        "write \"" + clean.to_text() + "\" for the network, \"" + prefix->address.to_text() + "\" for the one address");
  target = clean;
}

void ConfigValue::network(net::Prefix& target) const {
  std::optional<net::Prefix> read;
  network(read);
  if (read) target = *read;
}

void ConfigValue::domain(std::string& target) const {
  std::optional<std::string> word = string();
  if (!word) return;
  for (char& c : *word) c = base::to_lower(c);
  if (word->starts_with("sip:") || word->starts_with("sips:"))
    return wrong("'" + *word + "' is a URI", "write the domain alone: \"" + word->substr(word->find(':') + 1) + "\"");
  if (net::parse_address(*word)) return wrong("'" + *word + "' is an address", "write: address = \"" + *word + "\"");
  bool legal = !word->empty() && word->size() <= 253 && !word->starts_with('.') && !word->ends_with('.') &&
               word->find("..") == std::string::npos;
  for (char c : *word) legal = legal && (base::kAlphanum.contains(c) || c == '.' || c == '-' || c == '_');
  if (!legal) return wrong("'" + *word + "' is not a domain name", "as in \"sip.example.net\"");
  target = *word;
}

void ConfigValue::port_range(alg::PortRange& target) const {
  std::optional<std::string> word = string();
  if (!word) return;
  const std::optional<alg::PortRange> range = parse_range(*word);
  if (!range) return wrong("'" + *word + "' is not a range of ports", "as in \"10000-59999\"");
  if (range->first < 1024)
    return wrong("the range begins below 1024", "those ports belong to services of this machine");
  if (range->last < range->first + 99) return wrong("the range has less than 100 ports", "as in \"10000-59999\"");
  target = *range;
}

void ConfigValue::port_ranges(std::vector<alg::PortRange>& target) const {
  std::vector<alg::PortRange> ranges;
  auto take = [&](const toml::node& node) {
    const toml::value<std::string>* word = node.as_string();
    if (word == nullptr) return wrong_type(node, "a range of ports");
    const std::optional<alg::PortRange> range = parse_range(word->get());
    if (!range || range->first == 0 || range->last < range->first)
      return wrong_at(node, "'" + word->get() + "' is not a range of ports", "as in \"10000-20000\"");
    for (const alg::PortRange& other : ranges)
      if (range->first <= other.last && other.first <= range->last)
        return wrong_at(node, "'" + word->get() + "' overlaps a range before it");
    ranges.push_back(*range);
  };
  const toml::array* list = node_.as_array();
  if (list != nullptr && list->size() > 16) return wrong("must name at most 16 ranges");
  if (list == nullptr) take(node_);
  if (list != nullptr)
    for (const toml::node& node : *list) take(node);
  if (ranges.size() == (list == nullptr ? 1 : list->size())) target = ranges;
}

void ConfigValue::bit_rate(std::uint64_t& target) const {
  std::optional<std::string> word = string();
  if (!word) return;
  std::optional<std::uint64_t> rate = parse_rate(*word);
  if (!rate) return wrong("'" + *word + "' is not a rate", "number and unit (kbit, mbit, gbit), as in \"20mbit\"");
  if (*rate < kLowestRate || *rate > kHighestRate)
    return wrong("'" + *word + "' is out of range", "may be 64kbit to 100gbit");
  target = *rate;
}

void ConfigValue::dscp(std::uint8_t& target) const {
  if (const toml::value<std::int64_t>* number = node_.as_integer()) {
    if (number->get() < 0 || number->get() > 63)
      return wrong(std::to_string(number->get()) + " is out of range", "DSCP values are 0 to 63");
    target = static_cast<std::uint8_t>(number->get());
    return;
  }
  std::optional<std::string> word = string();
  if (!word) return;
  std::array<base::Bytes, kDscpNames.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kDscpNames[i].name;
  std::optional<std::size_t> index = one_of(*word, names);
  if (index) target = kDscpNames[*index].value;
}

void ConfigValue::path(std::string& target, std::size_t longest) const {
  std::optional<std::string> word = string();
  if (!word) return;
  if (!word->starts_with('/') || word->ends_with('/') || word->find('\0') != std::string::npos)
    return wrong("'" + *word + "' is not the absolute path of a file", "as in " + standard_of(key_));
  if (word->size() > longest) return wrong("the path is longer than " + std::to_string(longest) + " octets");
  target = *word;
}

void ConfigValue::log_level(LogLevel& target) const {
  std::optional<std::string> word = string();
  if (!word) return;
  std::optional<std::size_t> index = one_of(*word, kLogLevels);
  if (index) target = static_cast<LogLevel>(*index);
}

}  // namespace viaduct::gateway
