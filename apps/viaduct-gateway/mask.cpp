// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/mask.hpp"

#include "base/text.hpp"

#include <array>
#include <optional>

namespace viaduct::gateway {
namespace {

constexpr base::Bytes kMask = "***";

// name=value, in quotes or not, wherever it stands: a parameter may be folded onto a line of its own.
constexpr std::array<base::Bytes, 9> kParameters = {"response",  "nonce",    "cnonce", "opaque", "rspauth",
                                                    "nextnonce", "password", "passwd", "secret"};
// After these the rest up to a blank, ';', '|', ',' or the end of the line is the secret.
constexpr std::array<base::Bytes, 3> kPrefixes = {"inline:", "a=ice-pwd:", "a=key-mgmt:"};
// The same, but only directly behind the colon of a header: "basic" is a word too.
constexpr std::array<base::Bytes, 2> kSchemes = {"basic ", "bearer "};
constexpr base::CharSet kTokenCharacters = base::kAlphanum | base::CharSet("-.!%*_+`'~");
constexpr base::CharSet kUserinfo = base::kAlphanum | base::CharSet("-_.!~*'()%&=+$,;?/:");

bool ends_line(char c) {
  return c == '\r' || c == '\n';
}

bool starts_with(base::Bytes text, base::Bytes prefix) {
  return base::iequals(text.substr(0, prefix.size()), prefix);
}

/// The end of name = value's value when `at` is just behind the name; nullopt when no value follows.
std::optional<base::Range> value_behind(base::Bytes text, std::size_t at) {
  auto skip_blanks = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  };
  skip_blanks();
  if (at >= text.size() || text[at] != '=') return std::nullopt;
  ++at;
  skip_blanks();
  if (at < text.size() && text[at] == '"') {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"' && !ends_line(text[end])) end += text[end] == '\\' ? 2 : 1;
    return base::between(at + 1, std::min(end, text.size()));
  }
  std::size_t end = at;
  while (end < text.size() && kTokenCharacters.contains(text[end])) ++end;
  return base::between(at, end);
}

/// The secret that begins with a name at `at`.
std::optional<base::Range> secret_parameter(base::Bytes text, std::size_t at) {
  if (at > 0 && kTokenCharacters.contains(text[at - 1])) return std::nullopt;
  for (base::Bytes name : kParameters)
    if (starts_with(text.substr(at), name))
      if (std::optional<base::Range> value = value_behind(text, at + name.size())) return value;
  return std::nullopt;
}

std::optional<base::Range> secret_behind_prefix(base::Bytes text, std::size_t at) {
  bool line_start = at == 0 || ends_line(text[at - 1]);
  std::size_t begin = 0;
  if (line_start && starts_with(text.substr(at), "k=")) begin = at + 2;
  for (base::Bytes scheme : kSchemes)
    if (base::trim(text.substr(0, at)).ends_with(':') && starts_with(text.substr(at), scheme))
      begin = at + scheme.size();
  for (base::Bytes prefix : kPrefixes)
    if ((at == 0 || !kTokenCharacters.contains(text[at - 1])) && starts_with(text.substr(at), prefix))
      begin = at + prefix.size();
  if (begin == 0) return std::nullopt;
  std::size_t end = begin;
  while (end < text.size() && !ends_line(text[end]) && base::Bytes(" \t|;,\"").find(text[end]) == base::Bytes::npos)
    ++end;
  return base::between(begin, end);
}

/// sip:user:password@host, at the scheme.
std::optional<base::Range> uri_password(base::Bytes text, std::size_t at) {
  std::size_t scheme = starts_with(text.substr(at), "sip:") ? 4 : starts_with(text.substr(at), "sips:") ? 5 : 0;
  if (scheme == 0) return std::nullopt;
  std::size_t end = at + scheme;
  while (end < text.size() && kUserinfo.contains(text[end])) ++end;
  if (end >= text.size() || text[end] != '@') return std::nullopt;
  std::size_t colon = text.substr(0, end).find(':', at + scheme);
  if (colon == base::Bytes::npos) return std::nullopt;
  return base::between(colon + 1, end);
}

}  // namespace

std::string mask_credentials(base::Bytes text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::optional<base::Range> secret;
    // Cheap filter: secrets begin behind one of these letters only.
    if (base::Bytes("rncopsbkaiRNCOPSBKAI").find(text[at]) != base::Bytes::npos) {
      secret = uri_password(text, at);
      if (!secret) secret = secret_parameter(text, at);
      if (!secret) secret = secret_behind_prefix(text, at);
    }
    if (!secret || secret->length == 0) {
      out += text[at++];
      continue;
    }
    out += text.substr(at, secret->offset - at);
    out += kMask;
    at = secret->end();
  }
  return out;
}

}  // namespace viaduct::gateway
