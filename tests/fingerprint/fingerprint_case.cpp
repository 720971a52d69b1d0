// SPDX-License-Identifier: GPL-2.0-or-later
#include "fingerprint_case.hpp"

#include "call/reading.hpp"
#include "diagnose/fingerprint/fingerprints.hpp"
#include "diagnose/rules/rules.hpp"
#include "evidence_text.hpp"
#include "faults/box.hpp"
#include "faults/family.hpp"
#include "support/nat_box.hpp"
#include "support/packet_text.hpp"

#include <memory>
#include <sstream>
#include <vector>

namespace viaduct::cases {
namespace {

namespace fingerprint = diagnose::fingerprint;

[[nodiscard]] std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Content-Length: * stands for the right one.
void fill_length(std::string& message) {
  constexpr base::Bytes kStar = "Content-Length: *";
  const std::size_t at = message.find(kStar);
  const std::size_t body = message.find("\r\n\r\n");
  if (at == std::string::npos || body == std::string::npos) return;
  message.replace(at + kStar.size() - 1, 1, std::to_string(message.size() - body - 4));
}

struct Step {
  double seconds = 0;
  net::Endpoint source;
  net::Endpoint destination;
  bool tcp = false;
  bool cut = false;
  std::string octets;
};

class Runner {
 public:
  std::expected<std::string, std::string> run(const std::string& text) {
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("= ") || line == "=") continue;
      if (!take(line)) return std::unexpected("cannot be read: " + line);
    }
    finish_step();
    return std::move(written_);
  }

 private:
  bool take(const std::string& line) {
    if (line.starts_with("| ") || line == "|") {
      written_ += line + "\n";
      return open_ && decode_line(line == "|" ? base::Bytes() : base::Bytes(line).substr(2), step_.octets);
    }
    finish_step();
    written_ += line + "\n";
    if (line.empty() || line.starts_with("#")) return true;
    const std::vector<std::string> words = words_of(line);
    if (words[0] == "at") return read_step(words);
    if (words[0] == "box" && words.size() >= 2) return make_box(words);
    if (words[0] == "verdict") return answer(text_of(prints_.judge()));
    if (words[0] == "findings") return answer(findings());
    const bool pair = words.size() >= 4 && words[2] == ">";
    if (words[0] == "stun" && pair) {
      prints_.saw_stun(0, support::ep(words[1]), support::ep(words[3]));
      return true;
    }
    if (words[0] != "media" || words.size() != 4) return false;
    prints_.add_media(0, support::ep(words[1]).address, support::ep(words[1]), support::ep(words[3]));
    return true;
  }

  bool read_step(const std::vector<std::string>& words) {
    if (words.size() < 5 || words[3] != ">") return false;
    step_ = Step{};
    step_.seconds = std::strtod(words[1].c_str(), nullptr);
    const auto source = net::parse_endpoint(words[2]);
    const auto destination = net::parse_endpoint(words[4]);
    if (!source || !destination) return false;
    step_.source = *source;
    step_.destination = *destination;
    for (std::size_t i = 5; i < words.size(); ++i) {
      step_.tcp |= words[i] == "tcp";
      step_.cut |= words[i] == "cut";
    }
    open_ = true;
    return true;
  }

  bool make_box(const std::vector<std::string>& words) {
    faults::BoxSettings settings = support::box_settings();
    std::vector<std::unique_ptr<faults::Behaviour>> behaviours;
    const faults::Family* const family = faults::find_family(words.back());
    if (words[1] == "family" && family != nullptr) {
      faults::apply_family(*family, settings, behaviours);
      for (const faults::FamilyBehaviour& shown : family->behaviours)
        behaviours.push_back(faults::find_behaviour(shown.id)->make(faults::values_of(shown)));
    } else if (words[1] != "clean") {
      for (std::size_t i = 1; i < words.size(); ++i) {
        const faults::BehaviourEntry* const entry = faults::find_behaviour(words[i]);
        if (entry == nullptr) return false;
        behaviours.push_back(entry->make(faults::Values(entry->parameters)));
      }
    }
    box_ = std::make_unique<faults::Box>(settings, std::move(behaviours));
    return true;
  }

  /// Sends the message through the box if there is one; it is seen outside then.
  void finish_step() {
    if (!open_) return;
    open_ = false;
    fill_length(step_.octets);
    if (!box_ || step_.tcp) {
      see(step_.source, step_.destination, step_.octets);
      return;
    }
    const bool inside = step_.source.address.scope() == net::Scope::private_use;
    if (!inside) see(step_.source, step_.destination, step_.octets);
    const auto now = support::kStart + std::chrono::milliseconds(static_cast<int>(step_.seconds * 1000));
    for (const faults::Departure& departure :
         support::pass(*box_, inside ? faults::Side::inside : faults::Side::outside,
                       support::udp(step_.source, step_.destination, step_.octets), now)) {
      const auto packet = faults::Packet::parse(departure.octets);
      if (packet && departure.to == faults::Side::outside)
        see(packet->source(), packet->destination(), packet->payload());
    }
  }

  void see(const net::Endpoint& source, const net::Endpoint& destination, base::Bytes octets) {
    call::Sighting seen;
    seen.octets = octets;
    seen.length = static_cast<std::uint32_t>(octets.size() + (step_.cut ? 1 : 0));
    seen.time = call::Time(base::Duration(static_cast<std::int64_t>(step_.seconds * 1e9)));
    seen.source = source;
    seen.destination = destination;
    seen.transport = step_.tcp ? sip::Transport::tcp : sip::Transport::udp;
    seen.frame.number = ++frame_ & 0xffffU;
    const sip::Result<sip::Message> message = sip::parse(octets);
    if (!message) return;
    const sip::Result<call::Reading> reading = call::read(seen, *message);
    if (!reading) return;
    prints_.add(*reading);
    static_cast<void>(answer(text_of(fingerprint::observe(*reading), octets)));
  }

  [[nodiscard]] std::string findings() const {
    const std::vector<fingerprint::SourceEvidence> sources = prints_.judge();
    std::string text;
    for (const diagnose::CaseRule& rule :
         {diagnose::rules::alg_fingerprint(), diagnose::rules::ice_mismatch(), diagnose::rules::content_length_wrong()})
      for (const finding::Finding& found : rule.judge({.sources = sources})) text += text_of(found);
    return text;
  }

  bool answer(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) written_ += "= " + line + "\n";
    return true;
  }

  std::string written_;
  std::unique_ptr<faults::Box> box_;
  fingerprint::Fingerprints prints_;
  Step step_;
  unsigned frame_ = 0;
  bool open_ = false;
};

}  // namespace

std::expected<std::string, std::string> run_fingerprint_case(const std::string& text) {
  return Runner().run(text);
}

}  // namespace viaduct::cases
