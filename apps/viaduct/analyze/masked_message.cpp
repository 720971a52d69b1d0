// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/masked_message.hpp"

#include "analyze/masked_sdp.hpp"
#include "base/text.hpp"
#include "sip/header.hpp"
#include "sip/message.hpp"

#include <algorithm>
#include <optional>

namespace viaduct::app::analyze {
namespace {

using base::Bytes;
using sip::HeaderId;

/// What becomes of a header's value.
enum class Treatment : std::uint8_t {
  letters,  ///< every letter and digit is another one
  keep,     ///< protocol alone
  names,    ///< URIs, hosts, parameters
  product,  ///< kept but for serial numbers
  length,   ///< of the body
};

/// Headers with words and numbers of protocols alone.
constexpr HeaderId kKept[] = {HeaderId::accept,
                              HeaderId::accept_encoding,
                              HeaderId::accept_language,
                              HeaderId::allow,
                              HeaderId::allow_events,
                              HeaderId::content_disposition,
                              HeaderId::content_encoding,
                              HeaderId::content_transfer_encoding,
                              HeaderId::content_type,
                              HeaderId::cseq,
                              HeaderId::date,
                              HeaderId::expires,
                              HeaderId::flow_timer,
                              HeaderId::max_forwards,
                              HeaderId::mime_version,
                              HeaderId::min_expires,
                              HeaderId::min_se,
                              HeaderId::priority,
                              HeaderId::privacy,
                              HeaderId::proxy_require,
                              HeaderId::rack,
                              HeaderId::refer_sub,
                              HeaderId::require,
                              HeaderId::retry_after,
                              HeaderId::rseq,
                              HeaderId::session_expires,
                              HeaderId::supported,
                              HeaderId::timestamp,
                              HeaderId::unsupported};

/// Headers with URIs, hosts or Call-IDs.
constexpr HeaderId kNamed[] = {HeaderId::authentication_info,
                               HeaderId::authorization,
                               HeaderId::call_id,
                               HeaderId::contact,
                               HeaderId::diversion,
                               HeaderId::event,
                               HeaderId::from,
                               HeaderId::history_info,
                               HeaderId::in_reply_to,
                               HeaderId::join,
                               HeaderId::p_asserted_identity,
                               HeaderId::p_associated_uri,
                               HeaderId::p_called_party_id,
                               HeaderId::p_preferred_identity,
                               HeaderId::path,
                               HeaderId::proxy_authenticate,
                               HeaderId::proxy_authorization,
                               HeaderId::reason,
                               HeaderId::record_route,
                               HeaderId::refer_to,
                               HeaderId::referred_by,
                               HeaderId::remote_party_id,
                               HeaderId::replaces,
                               HeaderId::reply_to,
                               HeaderId::route,
                               HeaderId::service_route,
                               HeaderId::subscription_state,
                               HeaderId::target_dialog,
                               HeaderId::to,
                               HeaderId::via,
                               HeaderId::www_authenticate};

template <std::size_t N>
[[nodiscard]] bool is_among(HeaderId id, const HeaderId (&ids)[N]) {
  return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}

[[nodiscard]] Treatment treatment_of(HeaderId id) {
  if (id == HeaderId::content_length) return Treatment::length;
  if (id == HeaderId::server || id == HeaderId::user_agent) return Treatment::product;
  if (is_among(id, kNamed)) return Treatment::names;
  return is_among(id, kKept) ? Treatment::keep : Treatment::letters;
}

/// Parameters whose values are words or numbers of a protocol, or that the names' mask knows to read.
[[nodiscard]] bool is_known_parameter(Bytes name) {
  static constexpr Bytes kKnown[] = {
      "algorithm", "alias",     "branch", "cause",         "comp",    "counter", "early-only", "expires",
      "from-tag",  "handling",  "id",     "index",         "keep",    "lr",      "maddr",      "method",
      "nc",        "ob",        "party",  "phone-context", "privacy", "q",       "qop",        "reason",
      "received",  "refresher", "reg-id", "retry-after",   "rport",   "screen",  "stale",      "tag",
      "to-tag",    "transport", "ttl",    "user"};
  return std::any_of(std::begin(kKnown), std::end(kKnown), [name](Bytes known) { return base::iequals(name, known); });
}

/// Words of the reason phrases that RFC 3261 and its kin define (IANA, SIP response codes).
[[nodiscard]] bool is_reason_word(Bytes word) {
  static constexpr Bytes kWords[] = {"Accepted",     "Acceptable",   "Address",     "Alternative",
                                     "Ambiguous",    "Anonymity",    "Anywhere",    "Authentication",
                                     "Bad",          "Be",           "Being",       "Brief",
                                     "Busy",         "Call",         "Conditional", "Decline",
                                     "Declined",     "Detected",     "Dialog",      "Disallowed",
                                     "Does",         "Early",        "Entity",      "Error",
                                     "Everywhere",   "Exist",        "Extension",   "Failed",
                                     "Flow",         "For",          "Forbidden",   "Forwarded",
                                     "Found",        "Gateway",      "Gone",        "Here",
                                     "Hops",         "Identity",     "Implemented", "Incomplete",
                                     "Info",         "Internal",     "Interval",    "Invalid",
                                     "Is",           "Large",        "Long",        "Loop",
                                     "Many",         "Max",          "Media",       "Message",
                                     "Method",       "Moved",        "Multiple",    "No",
                                     "Not",          "Notification", "OK",          "Of",
                                     "Package",      "Payment",      "Pending",     "Permanently",
                                     "Precondition", "Progress",     "Proxy",       "Queued",
                                     "Redirect",     "Rejected",     "Request",     "Required",
                                     "Ringing",      "Scheme",       "Security",    "Server",
                                     "Service",      "Session",      "Small",       "Successful",
                                     "Support",      "Supported",    "Temporarily", "Terminated",
                                     "Time-out",     "Timeout",      "Timer",       "To",
                                     "Too",          "Transaction",  "Trying",      "URI",
                                     "Unacceptable", "Unauthorized", "Unavailable", "Undecipherable",
                                     "Unsupported",  "Unwanted",     "Use",         "Version",
                                     "allowed",      "Allowed"};
  return std::any_of(std::begin(kWords), std::end(kWords), [word](Bytes known) { return base::iequals(word, known); });
}

/// A line with its end: CR LF, LF or CR.
[[nodiscard]] std::size_t line_end(Bytes text, std::size_t at) {
  const std::size_t stop = text.find_first_of("\r\n", at);
  if (stop == Bytes::npos) return text.size();
  return stop + (text.substr(stop, 2) == "\r\n" ? 2 : 1);
}
[[nodiscard]] Bytes without_end(Bytes line) {
  return line.substr(0, std::min(line.find_first_of("\r\n"), line.size()));
}
[[nodiscard]] bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

class MessageMask {
 public:
  MessageMask(Bytes message, const finding::Anonymiser& names) : message_(message), names_(names) {}

  [[nodiscard]] std::string run() {
    find_head();
    const Bytes body = message_.substr(head_end_);
    const std::string masked_body = masked_bodies(body, content_type_, names_);
    difference_ = static_cast<std::int64_t>(masked_body.size()) - static_cast<std::int64_t>(body.size());
    std::string out(message_.substr(0, begin_));
    std::size_t at = line_end(message_, begin_);
    out += start_line(message_.substr(begin_, at - begin_));
    while (at < head_end_) {
      const std::size_t end = header_end(at);
      out += header(message_.substr(at, end - at));
      at = end;
    }
    return out + masked_body;
  }

 private:
  /// Where the head begins, behind line ends, and where it ends, behind its empty line; and the type of the body.
  void find_head() {
    begin_ = std::min(message_.find_first_not_of("\r\n"), message_.size());
    for (std::size_t at = line_end(message_, begin_); at < message_.size();) {
      const std::size_t end = header_end(at);
      const Bytes line = message_.substr(at, end - at);
      if (without_end(line).empty()) {
        head_end_ = end;
        return;
      }
      const std::size_t colon = line.find(':');
      if (colon != Bytes::npos && id_of(line, colon) == HeaderId::content_type)
        content_type_ = base::trim(without_end(line.substr(colon + 1)));
      at = end;
    }
    head_end_ = message_.size();
  }

  /// Of a header with the lines that continue it.
  [[nodiscard]] std::size_t header_end(std::size_t at) const {
    std::size_t end = line_end(message_, at);
    if (without_end(message_.substr(at, end - at)).empty()) return end;
    while (end < message_.size() && is_blank(message_[end])) end = line_end(message_, end);
    return end;
  }

  [[nodiscard]] static HeaderId id_of(Bytes line, std::size_t colon) {
    return sip::header_id(base::trim(line.substr(0, colon)));
  }

  [[nodiscard]] std::string start_line(Bytes line) const {
    constexpr Bytes kBlanks = " \t";
    const std::size_t first = std::min(line.find_first_of(" \t\r\n"), line.size());
    const Bytes token = line.substr(0, first);
    if (is_version(token)) return std::string(token) + status(line.substr(first));
    const bool known = sip::method_of(token) != sip::Method::other;
    const std::string method = known ? std::string(token) : names_.word(token);
    const std::size_t last = without_end(line).find_last_not_of(kBlanks);
    const std::size_t blank = last == Bytes::npos ? last : line.find_last_of(kBlanks, last);
    if (blank == Bytes::npos || blank < first) return method + names_.word(line.substr(first));
    const Bytes version = line.substr(blank + 1, last - blank);
    return method + named(line.substr(first, blank + 1 - first)) +
           (is_version(version) ? std::string(version) : names_.word(version)) + std::string(line.substr(last + 1));
  }

  /// SIP/2.0, or another number (RFC 3261 7.1).
  [[nodiscard]] static bool is_version(Bytes token) {
    constexpr base::CharSet kNumber = base::kDigits | base::CharSet(".");
    return token.size() >= 7 && token.size() <= 16 && base::iequals(token.substr(0, 4), "SIP/") &&
           std::all_of(token.begin() + 4, token.end(), [kNumber](char c) { return kNumber.contains(c); });
  }

  /// " 200 OK": other words than those of the standard may be names.
  [[nodiscard]] std::string status(Bytes text) const {
    const std::size_t code = std::min(text.find_first_not_of(" \t"), text.size());
    std::string out(text.substr(0, code));
    for (std::size_t at = code; at < text.size();) {
      std::size_t end = at;
      while (end < text.size() && (base::kAlphanum.contains(text[end]) || text[end] == '-')) ++end;
      const Bytes word = text.substr(at, end - at);
      const bool kept =
          at == code ? word.size() == 3 && base::parse_decimal<std::uint16_t>(word) : is_reason_word(word);
      out += kept ? std::string(word) : names_.word(word);
      at = end;
      if (at < text.size()) out += names_.word(text.substr(at++, 1));
    }
    return out;
  }

  [[nodiscard]] std::string header(Bytes line) const {
    const std::size_t colon = line.find(':');
    if (without_end(line).empty()) return std::string(line);
    if (colon == Bytes::npos) return names_.word(line);
    const HeaderId id = id_of(line, colon);
    const Bytes name = line.substr(0, colon + 1);
    const Bytes value = line.substr(colon + 1);
    std::string out = std::string(name);
    switch (treatment_of(id)) {
      case Treatment::keep:
        return out.append(value);
      case Treatment::length:
        return out + length(value);
      case Treatment::product:
        return out + names_.product(value);
      case Treatment::names:
        return out + (id == HeaderId::call_id       ? names_.call_id(value)
                      : id == HeaderId::in_reply_to ? names_.masked(value)
                                                    : named(value));
      case Treatment::letters:
        break;
    }
    return out + names_.word(value);
  }

  [[nodiscard]] std::string length(Bytes value) const {
    const std::size_t first = std::min(value.find_first_of("0123456789"), value.size());
    const std::size_t end = std::min(value.find_first_not_of("0123456789", first), value.size());
    const std::optional<std::uint32_t> declared = base::parse_decimal<std::uint32_t>(value.substr(first, end - first));
    if (!declared) return names_.word(value);
    const std::int64_t now = std::max<std::int64_t>(std::int64_t{*declared} + difference_, 0);
    return std::string(value.substr(0, first)) + std::to_string(now) + names_.word(value.substr(end));
  }

  /// A value with URIs. Without one, or a host or credentials that can be read, it is not understood.
  [[nodiscard]] std::string named(Bytes value) const {
    const Bytes text = base::trim(value);
    const bool digest = text.size() > 7 && base::iequals(text.substr(0, 7), "Digest ");
    const bool understood = digest || value.find("sip:") != Bytes::npos || value.find("sips:") != Bytes::npos ||
                            value.find("tel:") != Bytes::npos || value.find('@') != Bytes::npos ||
                            text.starts_with("SIP/2.0/") || text.starts_with("Q.850");
    return understood ? names_.masked(parameters(value)) : names_.word(value);
  }

  /// Masks what stands behind the = of a parameter that is not known; quoted values are left for the names' mask.
  [[nodiscard]] std::string parameters(Bytes value) const {
    constexpr Bytes kEnds = ";,>&? \t\r\n\"";
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < value.size();) {
      if (value[at] == '"') quoted = !quoted;
      const bool begins = !quoted && Bytes(";,&? \t").find(value[at]) != Bytes::npos;
      out += value[at++];
      if (!begins) continue;
      const std::size_t equals = std::min(value.find_first_of("=;,>&? \t\r\n\"@:", at), value.size());
      if (equals == value.size() || value[equals] != '=' || equals == at) continue;
      const std::size_t end = std::min(value.find_first_of(kEnds, equals + 1), value.size());
      const Bytes name = value.substr(at, equals - at);
      out += value.substr(at, equals + 1 - at);
      const Bytes content = value.substr(equals + 1, end - equals - 1);
      out += is_known_parameter(name) ? std::string(content) : names_.word(content);
      at = end;
    }
    return out;
  }

  Bytes message_;
  const finding::Anonymiser& names_;
  std::size_t begin_ = 0;
  std::size_t head_end_ = 0;
  Bytes content_type_;
  std::int64_t difference_ = 0;  ///< octets that the body has more than it had
};

}  // namespace

std::string masked_message(Bytes message, const finding::Anonymiser& names) {
  return MessageMask(message, names).run();
}

}  // namespace viaduct::app::analyze
