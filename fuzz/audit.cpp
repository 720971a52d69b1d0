// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a configuration of each product: the first octet picks whose reader takes it, whatever it is recognised as. Lines that
// are told exist, evidence has no secret of the cases with labels, and a file that nobody could read says so.
#include "audit/audit.hpp"
#include "audit/products/products.hpp"
#include "target.hpp"

#include <cstddef>
#include <cstdint>
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
  for (const audit::Feature& feature : device.features) VIADUCT_CHECK(feature.origin.line <= text.lines());
  for (const audit::Timer& timer : device.timers) VIADUCT_CHECK(timer.origin.line <= text.lines());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const audit::Recogniser recogniser(catalogue());
  const std::string octets(reinterpret_cast<const char*>(data + 1), size - 1);
  read_as(catalogue().products()[data[0] % catalogue().products().size()], octets);
  const audit::Audited one = audit::audit("a", octets, catalogue(), recogniser);
  VIADUCT_CHECK(!one.device.product.empty() || !one.device.problems.empty());
  for (const finding::Finding& found : one.findings)
    for (const finding::Evidence& evidence : found.evidence) VIADUCT_CHECK(evidence.octets.find("s3cr3t-") == std::string::npos);
  return 0;
}
