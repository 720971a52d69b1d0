// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a configuration of each product: the first octet picks whose reader takes it, whatever it is recognised
// as. Lines that are told exist, a file that nobody could read says so, and no evidence shows a secret: one is put into
// each line that evidence shows.
#include "audit/audit.hpp"

#include "audit/products/products.hpp"
#include "base/keyed_hash.hpp"
#include "target.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace {

using namespace viaduct;

const audit::Catalogue& catalogue() {
  static const audit::Catalogue built_in = audit::Catalogue::built_in();
  return built_in;
}

void read_as(const audit::Product& product, const std::string& octets) {
  const audit::products::Reader reader = audit::products::reader_of(product.reader);
  if (reader == nullptr) return;
  const audit::Text text = audit::Text::read("a", octets);
  audit::Device device;
  device.product = product.id;
  reader(text, product, device);
  for (const audit::Feature& feature : device.features) VIADUCT_CHECK(feature.origin.line <= text.last());
  for (const audit::Timer& timer : device.timers) VIADUCT_CHECK(timer.origin.line <= text.last());
}

/// A word that no input holds but by chance: whoever mutates cannot copy what is made of the copy.
std::string secret_for(const std::string& octets) {
  base::KeyedHash hash({0x7669616475637421, 0x6175646974212121});
  for (const char c : octets) hash.add(static_cast<unsigned char>(c));
  return "secret" + std::to_string(hash.value());
}

/// The same text with a password at the end of each line that was shown.
std::string with_secrets(const audit::Text& text, const std::set<std::uint64_t>& shown, const std::string& secret) {
  std::string octets;
  for (const std::uint32_t number : text.numbers()) {
    octets += text.line(number);
    octets += shown.contains(number) ? " password " + secret + "\n" : "\n";
  }
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const audit::Recogniser recogniser(catalogue());
  const std::string octets(reinterpret_cast<const char*>(data + 1), size - 1);
  read_as(catalogue().products()[data[0] % catalogue().products().size()], octets);
  std::set<std::uint64_t> shown;
  for (const audit::Audited& one : audit::audit_each({.name = "a", .octets = octets}, catalogue(), recogniser)) {
    VIADUCT_CHECK(!one.device.product.empty() || !one.device.problems.empty());
    for (const finding::Finding& found : one.findings)
      for (const finding::Evidence& evidence : found.evidence)
        if (evidence.line > 0) shown.insert(evidence.line);
  }
  const std::string secret = secret_for(octets);
  if (shown.empty() || octets.find(secret) != std::string::npos) return 0;
  const std::string changed = with_secrets(audit::Text::read("a", octets), shown, secret);
  for (const audit::Audited& one : audit::audit_each({.name = "a", .octets = changed}, catalogue(), recogniser))
    for (const finding::Finding& found : one.findings)
      for (const finding::Evidence& evidence : found.evidence)
        VIADUCT_CHECK(evidence.octets.find(secret) == std::string::npos);
  return 0;
}
