// SPDX-License-Identifier: GPL-2.0-or-later
#include "fault_case.hpp"

#include "base/octets.hpp"
#include "faults/box.hpp"
#include "faults/family.hpp"
#include "faults/fragments.hpp"
#include "support/ipv4.hpp"
#include "support/packet_text.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>

namespace viaduct::cases {
namespace {

using faults::Side;

// Time of the first step; zero would be taken for "never".
constexpr base::Instant kStart{std::chrono::hours(1)};

faults::BoxSettings clean_box() {
  faults::BoxSettings settings;
  settings.inside = {support::ip("192.168.1.1"), 24};
  settings.nat.outer = {support::ip("203.0.113.1")};
  return settings;
}

/// One `at` line and the payload below it.
struct Step {
  base::Instant now;
  Side from = Side::inside;
  net::Endpoint source;
  net::Endpoint destination;
  bool tcp = false;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sack;
  std::size_t mtu = 65535;
  support::IpFields fields;
  std::string payload;
};

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// "100-200,300-400"
bool read_blocks(const std::string& text, Step& step) {
  std::istringstream stream(text);
  for (std::string block; std::getline(stream, block, ',');) {
    const std::size_t dash = block.find('-');
    if (dash == std::string::npos) return false;
    step.sack.emplace_back(std::stoul(block.substr(0, dash)), std::stoul(block.substr(dash + 1)));
  }
  return !step.sack.empty();
}

/// tcp SEQUENCE ACKNOWLEDGEMENT FLAGS | sack BLOCKS | rtp NUMBER | mtu OCTETS | dscp NUMBER | df
bool read_options(const std::vector<std::string>& words, std::size_t at, Step& step) {
  const auto number = [&](std::size_t i) {
    return i < words.size() ? static_cast<std::uint32_t>(std::stoul(words[i])) : 0;
  };
  while (at < words.size()) {
    const std::string& word = words[at];
    if (word == "tcp" && at + 3 < words.size()) {
      step.tcp = true;
      step.sequence = number(at + 1);
      step.acknowledgement = number(at + 2);
      for (const char flag : words[at + 3])
        step.flags = static_cast<std::uint8_t>(step.flags | (flag == 'S' ? 2 : flag == 'A' ? 16 : flag == 'P' ? 8 : 1));
      at += 4;
      continue;
    }
    if (word == "sack" && at + 1 < words.size() && read_blocks(words[at + 1], step)) {
      at += 2;
      continue;
    }
    if (word == "rtp") step.payload = rtp_packet(static_cast<std::uint16_t>(number(at + 1)));
    if (word == "mtu") step.mtu = number(at + 1);
    if (word == "dscp") step.fields.dscp = static_cast<std::uint8_t>(number(at + 1));
    if (word == "df") step.fields.dont_fragment = true;
    if (word != "rtp" && word != "mtu" && word != "dscp" && word != "df") return false;
    at += word == "df" ? 1 : 2;
  }
  return true;
}

bool read_step(const std::string& line, Step& step) {
  const std::vector<std::string> words = words_of(line);
  if (words.size() < 6 || words[4] != ">" || (words[2] != "inside" && words[2] != "outside")) return false;
  const std::expected<base::Duration, std::string> time = faults::parse_duration(words[1]);
  if (!time) return false;
  step.now = kStart + *time;
  step.from = words[2] == "inside" ? Side::inside : Side::outside;
  step.source = support::ep(words[3]);
  step.destination = support::ep(words[5]);
  return step.source.address.present() && step.destination.address.present() && read_options(words, 6, step);
}

std::string packet_of(const Step& step) {
  if (!step.tcp) return support::udp(step.source, step.destination, step.payload, step.fields);
  return support::tcp(step.source, step.destination, step.sequence, step.acknowledgement, step.flags, step.payload,
                      step.fields, step.sack.empty() ? std::string() : support::sack(step.sack));
}

std::string flags_text(std::uint8_t flags) {
  std::string text;
  if ((flags & 2) != 0) text += 'S';
  if ((flags & 16) != 0) text += 'A';
  if ((flags & 8) != 0) text += 'P';
  if ((flags & 1) != 0) text += 'F';
  return text;
}

/// " sack 100-200", or nothing; the option stands where support::sack() puts it.
std::string sack_text(base::Bytes options) {
  std::string text;
  if (options.size() < 12 || options.substr(0, 3) != "\1\1\5") return text;
  const std::size_t end = std::min<std::size_t>(2 + base::octet_at(options, 3), options.size());
  for (std::size_t at = 4; at + 8 <= end; at += 8)
    text += (at == 4 ? " sack " : ",") + std::to_string(base::long_at(options, at)) + "-" +
            std::to_string(base::long_at(options, at + 4));
  return text;
}

/// What a person sees of one packet that leaves.
std::string departure_text(const Step& step, const faults::Departure& departure) {
  const auto packet = faults::Packet::parse(departure.octets);
  if (!packet) return "= unreadable\n";
  const bool later_piece = packet->fragment_offset() != 0;
  const bool outside = departure.to == Side::outside;
  std::string text = outside ? "= outside " : "= inside ";
  text += later_piece ? packet->source().address.to_text() + " > " + packet->destination().address.to_text()
                      : packet->source().to_text() + " > " + packet->destination().to_text();
  if (packet->is_fragment())
    text += " fragment at " + std::to_string(packet->fragment_offset()) + " of " +
            std::to_string(packet->octets().size() - packet->header_length()) + " octets";
  if (!later_piece && packet->protocol() == faults::Protocol::tcp)
    text += " tcp " + std::to_string(packet->tcp_sequence()) + " " + std::to_string(packet->tcp_acknowledgement()) +
            " " + flags_text(packet->tcp_flags()) + sack_text(packet->tcp_options());
  if (packet->dscp() != 0) text += " dscp " + std::to_string(packet->dscp());
  if (!support::checksums_are_right(departure.octets)) text += " WRONG CHECKSUM";
  if (const std::string rtp = rtp_name(packet->payload()); !rtp.empty()) return text + " " + rtp + "\n";
  // What the box says by itself is shown whole.
  const bool own = (step.from == Side::inside) != outside;
  return text + "\n" + (packet->is_fragment() ? "" : difference(own ? "" : step.payload, packet->payload()));
}

std::string run_step(faults::Box& box, const Step& step) {
  for (const std::string& piece : faults::split(packet_of(step), step.mtu)) box.receive(step.from, piece, step.now);
  std::string text;
  while (const std::optional<faults::Departure> departure = box.next(step.now))
    text += departure_text(step, *departure);
  return text.empty() ? "= nothing\n" : text;
}

/// Reads a file line by line, and writes it again with outputs of its own.
class Runner {
 public:
  std::expected<FaultCase, std::string> run(const std::string& text) {
    std::istringstream stream(text);
    std::size_t number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      if (!take(line)) return std::unexpected("line " + std::to_string(number) + " cannot be read: " + line + error_);
    }
    finish_step();
    if (box_lines_ != 0) return std::unexpected("the last box has no step");
    return case_;
  }

 private:
  bool take(const std::string& line) {
    if (line.starts_with("| ") || line == "|") {
      case_.rewritten += line + "\n";
      return open_ && decode_line(line == "|" ? base::Bytes() : base::Bytes(line).substr(2), step_.payload);
    }
    const bool heading = line.starts_with("at ") || line.starts_with("box ") || line.starts_with("#");
    if (heading) finish_step();
    if (line.starts_with("at ")) {
      step_ = Step{};
      open_ = true;
      case_.rewritten += line + "\n";
      return read_step(line, step_) && make_box();
    }
    if (line.starts_with("box ") || line.starts_with("set ")) {
      case_.rewritten += line + "\n";
      return line.starts_with("box ") ? new_box(line) : set(line.substr(4));
    }
    if (line.starts_with("#") || (!open_ && line.empty())) {
      case_.rewritten += line + "\n";
      return true;
    }
    // Anything else is an output of last time.
    return open_;
  }

  bool new_box(const std::string& line) {
    box_.reset();
    values_.clear();
    box_lines_ = 1;
    family_ = nullptr;
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 3 && words[1] == "family") return new_family(words[2]);
    for (std::size_t i = 1; i < words.size(); ++i) {
      const faults::BehaviourEntry* const entry = faults::find_behaviour(words[i]);
      if (entry == nullptr) return words.size() == 2 && words[1] == "clean";
      values_.emplace_back(entry, faults::Values(entry->parameters));
      case_.switched.insert(words[i]);
    }
    return !values_.empty();
  }

  bool new_family(const std::string& name) {
    family_ = faults::find_family(name);
    if (family_ == nullptr) return false;
    for (const faults::FamilyBehaviour& shown : family_->behaviours)
      values_.emplace_back(faults::find_behaviour(shown.id), faults::values_of(shown));
    return true;
  }

  bool set(const std::string& setting) {
    const std::size_t equal = setting.find('=');
    if (box_ || values_.empty() || equal == std::string::npos) return false;
    const auto done = values_.front().second.set(setting.substr(0, equal), setting.substr(equal + 1));
    if (!done) error_ = ": " + done.error();
    set_.insert(setting.substr(0, equal));
    if (done) case_.settings.insert(std::string(values_.front().first->id) + "." + setting);
    return done.has_value();
  }

  bool make_box() {
    if (box_) return true;
    if (box_lines_ == 0) return false;
    std::vector<std::unique_ptr<faults::Behaviour>> behaviours;
    faults::BoxSettings settings = clean_box();
    if (family_ != nullptr) faults::apply_family(*family_, settings, behaviours);
    for (const auto& [entry, values] : values_) {
      behaviours.push_back(entry->make(values));
      for (const faults::Parameter& parameter : entry->parameters)
        if (!set_.contains(std::string(parameter.name)))
          case_.settings.insert(std::string(entry->id) + "." + std::string(parameter.name) + "=" +
                                std::string(parameter.fallback));
    }
    box_ = std::make_unique<faults::Box>(settings, std::move(behaviours));
    box_lines_ = 0;
    set_.clear();
    return true;
  }

  void finish_step() {
    if (!open_) return;
    case_.rewritten += run_step(*box_, step_) + "\n";
    open_ = false;
  }

  FaultCase case_;
  std::string error_;
  std::vector<std::pair<const faults::BehaviourEntry*, faults::Values>> values_;
  std::set<std::string> set_;
  const faults::Family* family_ = nullptr;
  std::unique_ptr<faults::Box> box_;
  std::size_t box_lines_ = 0;
  Step step_;
  bool open_ = false;
};

}  // namespace

std::expected<FaultCase, std::string> run_case(const std::string& text) {
  return Runner().run(text);
}

}  // namespace viaduct::cases
