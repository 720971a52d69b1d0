// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/sensitive.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <tuple>

namespace viaduct::finding {
namespace {

using base::Bytes;

constexpr base::CharSet kQuadChars = base::kDigits | base::CharSet(".");
constexpr base::CharSet kIpv6Chars = base::CharSet("0123456789abcdefABCDEF:.");
constexpr base::CharSet kHostChars = base::kAlphanum | base::CharSet(".-_");
constexpr base::CharSet kKeyChars = base::kAlphanum | base::CharSet("+/=");
constexpr Bytes kUserEnds = " \t\r\n<>\"@[](),";
constexpr Bytes kNumberEnds = " \t\r\n<>\"@,;";
constexpr std::size_t kMaxUser = 256;

class Scanner {
 public:
  explicit Scanner(Bytes text) : text_(text) {}

  [[nodiscard]] std::vector<Sensitive> run() {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (at == 0 || text_[at - 1] == '\n' || text_[at - 1] == '\r') sdp_line(at);
      if (text_[at] == ':') uri(at);
      if (text_[at] == '"') quoted(at);
      if (text_[at] == '<') display_name(at);
      if (text_[at] == '@') host(at + 1);
      if (text_[at] == ' ') host_behind(at);
      if (text_[at] == '=') parameter(at);
      address(at);
    }
    return sorted();
  }

 private:
  void add(SensitiveKind kind, std::size_t begin, std::size_t end) {
    if (begin < end) found_.push_back({kind, base::between(begin, end)});
  }
  [[nodiscard]] std::size_t end_of(std::size_t at, base::CharSet set) const {
    while (at < text_.size() && set.contains(text_[at])) ++at;
    return at;
  }
  [[nodiscard]] bool before_is(std::size_t at, Bytes word) const {
    return at >= word.size() && base::iequals(text_.substr(at - word.size(), word.size()), word);
  }

  /// Digits of a number that stand before the last of them which fit an octet: who writes an address behind a number
  /// may not separate them.
  [[nodiscard]] static std::size_t digits_before(Bytes digits) {
    if (digits.size() <= 3) return 0;
    return digits.size() - (digits.substr(digits.size() - 3) <= "255" ? 3 : 2);
  }
  [[nodiscard]] static std::size_t digits_behind(Bytes digits) {
    if (digits.size() <= 3) return 0;
    return digits.size() - (digits.substr(0, 3) <= "255" ? 3 : 2);
  }

  /// Four numbers, or hex digits with two colons among them.
  void address(std::size_t at) {
    const auto begins = [&](base::CharSet set) {
      return set.contains(text_[at]) && (at == 0 || !set.contains(text_[at - 1]));
    };
    if (begins(kQuadChars)) {
      std::size_t end = end_of(at, kQuadChars);
      while (end > at && text_[end - 1] == '.') --end;
      const Bytes run = text_.substr(at, end - at);
      if (std::count(run.begin(), run.end(), '.') == 3)
        add(SensitiveKind::address, at + digits_before(run.substr(0, run.find('.'))),
            end - digits_behind(run.substr(run.rfind('.') + 1)));
    }
    if (!begins(kIpv6Chars) || (at > 0 && base::kAlphanum.contains(text_[at - 1]))) return;
    std::size_t end = end_of(at, kIpv6Chars);
    while (end > at + 1 && (text_[end - 1] == '.' || (text_[end - 1] == ':' && text_[end - 2] != ':'))) --end;
    const Bytes run = text_.substr(at, end - at);
    if (std::count(run.begin(), run.end(), ':') >= 2) add(SensitiveKind::address, at, end);
  }

  /// sip:user:password@host, sips:, tel:number; `colon` behind the scheme.
  void uri(std::size_t colon) {
    const bool tel = before_is(colon, "tel");
    if (!tel && !before_is(colon, "sip") && !before_is(colon, "sips")) return;
    const std::size_t begin = colon + 1;
    const Bytes rest = text_.substr(begin, kMaxUser);
    const std::size_t end = begin + std::min(rest.find_first_of(tel ? kNumberEnds : kUserEnds), rest.size());
    if (tel) return add(SensitiveKind::name, begin, end);
    if (end == text_.size() || text_[end] != '@') return host(begin);
    const Bytes user = text_.substr(begin, end - begin);
    const std::size_t colon_within = std::min(user.find(':'), user.size());
    add(SensitiveKind::name, begin, begin + colon_within);
    add(SensitiveKind::secret, begin + colon_within, end);
  }

  /// What SDP names behind its address type, and Via behind its transport.
  void host_behind(std::size_t blank) {
    std::size_t begin = blank;
    while (begin < text_.size() && text_[begin] == ' ') ++begin;
    if (before_is(blank, "IN IP4") || before_is(blank, "IN IP6")) return host(begin);
    std::size_t transport = blank;
    while (transport > 0 && base::kAlphanum.contains(text_[transport - 1])) --transport;
    if (before_is(transport, "SIP/2.0/")) host(begin);
  }

  /// Hosts; what a number stands in; and branches and tags, which may be made of an address or a name.
  void parameter(std::size_t equals) {
    constexpr Bytes kCookie = "z9hG4bK";  // RFC 3261 8.1.1.7
    constexpr base::CharSet kToken = base::kAlphanum | base::CharSet("-.!%*_+`'~");
    if (before_is(equals, "maddr") || before_is(equals, "received")) host(equals + 1);
    const bool secret = before_is(equals, "branch") || before_is(equals, "tag") || before_is(equals, "phone-context");
    if (!secret) return;
    const std::size_t begin = equals + 1 + (text_.substr(equals + 1).starts_with(kCookie) ? kCookie.size() : 0);
    add(SensitiveKind::secret, begin, end_of(begin, kToken));
  }

  void host(std::size_t begin) {
    const std::size_t end = end_of(begin, kHostChars);
    add(SensitiveKind::host, begin, end);
  }

  /// "Display name" before a URI is a name; the value of a parameter is a name or a secret, which is all the same to
  /// whoever reads it.
  void quoted(std::size_t open) {
    if (open < quoted_until_) return;
    const std::size_t line_end = std::min(text_.find_first_of("\r\n", open), text_.size());
    std::size_t close = open + 1;
    while (open >= plain_until_ && close < line_end && text_[close] != '"') close += text_[close] == '\\' ? 2 : 1;
    // Not every backslash is meant as RFC 3261 25.1 has it: where no quote is left without one, all count.
    if (close >= line_end) plain_until_ = line_end;
    if (open < plain_until_) close = std::min(text_.find('"', open + 1), line_end);
    quoted_until_ = std::min(close + 1, line_end);
    if (close >= line_end) return;
    const Bytes inside = text_.substr(open + 1, 5);
    // A URI in quotes, as a digest has it, is masked as any other.
    for (const Bytes scheme : {"sip:", "sips:", "tel:"})
      if (base::iequals(inside.substr(0, scheme.size()), scheme)) return;
    const std::size_t next = text_.find_first_not_of(" \t", close + 1);
    const bool display = next != Bytes::npos && text_[next] == '<';
    if (display || (open > 0 && text_[open - 1] == '='))
      add(display ? SensitiveKind::name : SensitiveKind::secret, open + 1, close);
  }

  /// Alice Example <sip:...: words since the header's colon or the comma.
  void display_name(std::size_t bracket) {
    const Bytes after = text_.substr(bracket + 1, 5);
    if (!base::iequals(after.substr(0, 4), "sip:") && !base::iequals(after, "sips:") &&
        !base::iequals(after.substr(0, 4), "tel:"))
      return;
    std::size_t begin = bracket;
    while (begin > 0 && Bytes(":,\r\n\"<>").find(text_[begin - 1]) == Bytes::npos) --begin;
    std::size_t end = bracket;
    while (end > begin && text_[end - 1] == ' ') --end;
    while (begin < end && text_[begin] == ' ') ++begin;
    add(SensitiveKind::name, begin, end);
  }

  /// o=user, s=, i=, u=, e=, p=, k= lines, and inline: keys of a=crypto, passwords of ICE (RFC 8866, 4568, 8839).
  void sdp_line(std::size_t at) {
    if (at + 1 >= text_.size() || text_[at + 1] != '=') return;
    const std::size_t end = std::min(text_.find_first_of("\r\n", at), text_.size());
    const Bytes line = text_.substr(at, end - at);
    if (line[0] == 'o') add(SensitiveKind::name, at + 2, at + std::min(line.find(' '), line.size()));
    if (Bytes("siuep").find(line[0]) != Bytes::npos) words(at + 2, end);
    if (line[0] == 'k') add(SensitiveKind::secret, at + 2, end);
    if (line[0] != 'a') return;
    if (const std::size_t key = line.find("inline:"); key != Bytes::npos)
      add(SensitiveKind::secret, at + key + 7, end_of(at + key + 7, kKeyChars));
    for (const Bytes name : {Bytes("a=ice-pwd:"), Bytes("a=ice-ufrag:")})
      if (line.starts_with(name)) add(SensitiveKind::secret, at + name.size(), end);
    if (line.starts_with("a=candidate:")) candidate(at, end);
  }
  /// Foundation, component, transport, priority, and then the host, which may be a name (RFC 8839 5.1).
  void candidate(std::size_t at, std::size_t end) {
    for (int field = 0; field < 4; ++field) at = std::min(text_.find(' ', at), end - 1) + 1;
    if (at < end) host(at);
  }
  void words(std::size_t at, std::size_t end) {
    // An i= line may hold the original o= line (FortiGate), whose address is masked as such.
    if (text_.substr(at, end - at).starts_with("(o=IN IP")) at = std::min(text_.find(')', at), end - 1) + 1;
    while (at < end) {
      const std::size_t stop = std::min({text_.find(' ', at), end});
      address(at);
      add(SensitiveKind::secret, at, stop);
      at = stop + 1;
    }
  }

  /// Where two overlap, an address goes before the rest, and then the one that begins first.
  [[nodiscard]] std::vector<Sensitive> sorted() {
    const auto place = [](const Sensitive& s) { return std::tuple(s.range.offset, s.kind, s.range.length); };
    std::sort(found_.begin(), found_.end(),
              [place](const Sensitive& a, const Sensitive& b) { return place(a) < place(b); });
    std::vector<Sensitive> out;
    for (const Sensitive& found : found_)
      if (out.empty() || found.range.offset >= out.back().range.end()) out.push_back(found);
    return out;
  }

  Bytes text_;
  std::vector<Sensitive> found_;
  std::size_t quoted_until_ = 0;
  std::size_t plain_until_ = 0;  ///< where backslashes do not count
};

}  // namespace

std::vector<Sensitive> sensitive_places(Bytes text) {
  return Scanner(text).run();
}

}  // namespace viaduct::finding
