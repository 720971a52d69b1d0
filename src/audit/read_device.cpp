// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/read_device.hpp"

#include "audit/form.hpp"
#include "audit/pattern_reader.hpp"
#include "audit/products/linux_live.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "base/text.hpp"

namespace viaduct::audit {
namespace {

constexpr Bytes kPage = "<!DOCTYPE html";
constexpr Bytes kHtml = "<html";

/// Of a text that no product is recognised in: what it may be instead.
[[nodiscard]] std::string stranger(const Text& text) {
  Bytes octets = text.octets();
  octets.remove_prefix(std::min(octets.find_first_not_of(" \t\n"), octets.size()));
  if (base::iequals(octets.substr(0, kPage.size()), kPage) || base::iequals(octets.substr(0, kHtml.size()), kHtml))
    return octets.find("<form") == Bytes::npos ? "an HTML page, not a configuration"
                                               : "an HTML page (a login form), not a configuration";
  if (octets.starts_with('[') || octets.starts_with('{')) {
    Tree tree;
    syntax::json(text, tree);
    if (!tree.problems().empty()) return tree.problems().front();
  }
  return "no known product recognised in this text";
}

[[nodiscard]] std::string unreadable(const Text& text) {
  switch (text.kind()) {
    case Text::Kind::empty:
      return text.octets().empty() ? "the file is empty" : "the file holds only white space";
    case Text::Kind::binary:
      // No octet tells these from others, but people keep the name that the router gave.
      return text.name().find("Vigor") == std::string::npos
                 ? "a binary file, not a configuration"
                 : "a binary file, probably an encrypted DrayTek backup; read the settings by telnet or SSH instead";
    case Text::Kind::sealed:
      return std::string(text.maker());
    default:
      return stranger(text);
  }
}

/// "Version: OPNsense 24.7" in the head of a sealed file.
[[nodiscard]] Bytes sealed_version(const Text& text) {
  const Bytes line = text.line(2);
  return line.starts_with("Version: ") ? line.substr(line.rfind(' ') + 1) : Bytes();
}

}  // namespace

Device read_device(const Text& text, const Catalogue&, const Recogniser& recogniser) {
  Device device;
  const std::vector<Recogniser::Guess> guesses =
      text.kind() == Text::Kind::text ? recogniser.guess(text) : std::vector<Recogniser::Guess>();
  if (guesses.empty()) {
    device.product = text.product();
    device.version = sealed_version(text);
    device.problems.push_back(unreadable(text));
    device.problems.insert(device.problems.end(), text.notes().begin(), text.notes().end());
    return device;
  }
  const Product& product = *guesses.front().product;
  device.product = product.id;
  device.sure = guesses.front().sure;
  if (const products::Reader read = products::reader_of(product.reader); read != nullptr) {
    device.deep = true;
    read(text, product, device);
  } else {
    read_by_patterns(text, product, device);
  }
  if (product.reader != "linux") products::add_live(text, device);
  doubt(text, product, recogniser.others(text, product), device);
  device.problems.insert(device.problems.end(), text.notes().begin(), text.notes().end());
  return device;
}

}  // namespace viaduct::audit
