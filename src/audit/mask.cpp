// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/mask.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

constexpr Bytes kHidden = "***";

/// Parts of words after which a secret stands, in lower case.
constexpr std::array<Bytes, 34> kNames{
    "password",   "passwd",    "passphrase", "passwort",    "secret",      "community",  "psk",
    "pre-shared", "preshared", "shared-key", "sharedkey",   "auth-key",    "authkey",    "auth_key",
    "auth-pass",  "priv-pass", "key-string", "private-key", "privatekey",  "public-key", "token",
    "apikey",     "api-key",   "api_key",    "credential",  "wpakey",      "wpa-key",    "wep",
    "cipher",     "encrypted", "ssh-rsa",    "ssh-dss",     "ssh-ed25519", "user-pass"};
/// Words that are such a name only as a whole.
constexpr std::array<Bytes, 13> kWholeNames{"key", "pass", "pw",   "passcode", "kennwort", "pwd",        "psw",
                                            "md5", "sha",  "hash", "enc",      "pin",      "snmp-server"};

[[nodiscard]] bool of_word(char c) {
  return base::kAlphanum.contains(c) || c == '-' || c == '_' || c == '$' || c == '/' || c == '+' || c == '.' ||
         c == '!' || c == '%' || c == '=' || static_cast<unsigned char>(c) > 127;
}

[[nodiscard]] std::string lower(Bytes word) {
  std::string small(word);
  std::ranges::transform(small, small.begin(), base::to_lower);
  return small;
}

/// Whether what follows is a secret. `key=value` is one word here: then the value is in it.
[[nodiscard]] bool names_a_secret(Bytes word) {
  const std::string small = lower(word.substr(0, word.find('=')));
  return std::ranges::any_of(kNames, [&](Bytes name) { return small.find(name) != std::string::npos; }) ||
         std::ranges::find(kWholeNames, Bytes(small)) != kWholeNames.end();
}

/// `src=192.168.100.10` mixes letters and digits, too.
[[nodiscard]] bool is_address(Bytes word) {
  return std::ranges::count(word, '.') == 3 && word.size() <= 15 &&
         std::ranges::all_of(word, [](char c) { return base::kDigits.contains(c) || c == '.'; });
}

/// `$1$salt$hash`, `$9$...`; long runs in which letters and digits are mixed as no word has them.
[[nodiscard]] bool looks_secret(Bytes word) {
  if (word.size() >= 4 && word.front() == '$') return true;
  if (word.size() < 16 || is_address(word.substr(word.find('=') + 1))) return false;
  std::size_t digits = 0;
  std::size_t upper = 0;
  std::size_t small = 0;
  std::size_t changes = 0;
  int before = 0;
  for (const char c : word) {
    const int kind = c >= '0' && c <= '9' ? 1 : c >= 'A' && c <= 'Z' ? 2 : c >= 'a' && c <= 'z' ? 3 : 4;
    digits += kind == 1;
    upper += kind == 2;
    small += kind == 3;
    changes += kind != before;
    before = kind;
  }
  return digits >= 3 && upper + small >= 3 && changes * 3 > word.size();
}

}  // namespace

std::string masked(Bytes line) {
  std::string shown;
  for (std::size_t at = 0; at < line.size();) {
    if (!of_word(line[at])) {
      shown += line[at++];
      continue;
    }
    const std::size_t begin = at;
    while (at < line.size() && of_word(line[at])) ++at;
    const Bytes word = line.substr(begin, at - begin);
    if (names_a_secret(word)) {
      const Bytes name = word.substr(0, std::min(word.find('='), word.size()));
      shown += name;
      // An element that names a secret is told with its end, so that the line stays what it is: XML.
      const Bytes rest = line.substr(begin + name.size());
      const bool nothing = rest.find_first_not_of(" \t;{}>\"'") == Bytes::npos;
      return nothing ? shown + std::string(rest) : shown + " " + std::string(kHidden);
    }
    shown += looks_secret(word) ? kHidden : word;
  }
  return shown;
}

std::string masked_head(Bytes line, std::size_t most) {
  if (line.size() <= most) return masked(line);
  std::size_t end = most;
  // Half a secret may look like none.
  if (of_word(line[end]))
    while (end > 0 && of_word(line[end - 1])) --end;
  std::string shown = masked(line.substr(0, end));
  return end == most || shown.ends_with(kHidden) ? shown : shown + std::string(kHidden);
}

}  // namespace viaduct::audit
