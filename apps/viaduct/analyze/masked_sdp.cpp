// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/masked_sdp.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::app::analyze {
namespace {

using base::Bytes;

[[nodiscard]] bool is_type(Bytes content_type, Bytes type) {
  return base::iequals(content_type.substr(0, std::min(type.size(), content_type.size())), type);
}

/// Of a line with its end: CR LF, LF or CR.
[[nodiscard]] Bytes take_line(Bytes& text) {
  const std::size_t stop = std::min(text.find_first_of("\r\n"), text.size());
  const Bytes line = text.substr(0, stop + (text.substr(stop, 2) == "\r\n" ? 2 : 1));
  text.remove_prefix(line.size());
  return line;
}

[[nodiscard]] std::string crossed(Bytes text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c != '\r' && c != '\n'; }, 'x');
  return out;
}

/// Attributes whose values are words and numbers of protocols.
[[nodiscard]] bool is_plain_attribute(Bytes name) {
  static constexpr Bytes kPlain[] = {"rtpmap",
                                     "fmtp",
                                     "ptime",
                                     "maxptime",
                                     "sendrecv",
                                     "sendonly",
                                     "recvonly",
                                     "inactive",
                                     "rtcp-mux",
                                     "rtcp-mux-only",
                                     "rtcp-rsize",
                                     "rtcp-fb",
                                     "rtcp-xr",
                                     "setup",
                                     "connection",
                                     "silenceSupp",
                                     "extmap",
                                     "group",
                                     "mid",
                                     "ice-lite",
                                     "ice-options",
                                     "ice-mismatch",
                                     "end-of-candidates",
                                     "direction",
                                     "nortpproxy",
                                     "curr",
                                     "des",
                                     "conf",
                                     "bundle-only",
                                     "framerate",
                                     "quality",
                                     "T38FaxVersion",
                                     "T38MaxBitRate",
                                     "T38FaxRateManagement",
                                     "T38FaxMaxBuffer",
                                     "T38FaxMaxDatagram",
                                     "T38FaxUdpEC",
                                     "T38FaxFillBitRemoval",
                                     "T38FaxTranscodingMMR",
                                     "T38FaxTranscodingJBIG"};
  return std::any_of(std::begin(kPlain), std::end(kPlain), [name](Bytes one) { return base::iequals(one, name); });
}

/// Those that the names' mask reads.
[[nodiscard]] bool is_named_attribute(Bytes name) {
  static constexpr Bytes kNamed[] = {"rtcp", "candidate", "remote-candidates", "crypto", "ice-ufrag", "ice-pwd"};
  return std::any_of(std::begin(kNamed), std::end(kNamed), [name](Bytes one) { return one == name; });
}

[[nodiscard]] std::string attribute(Bytes line, const finding::Anonymiser& names) {
  const std::size_t end = std::min(line.find_first_of(":\r\n"), line.size());
  const Bytes name = line.substr(2, end - 2);
  if (is_plain_attribute(name)) return std::string(line);
  if (is_named_attribute(name)) return names.masked(line);
  if (end == line.size() || line[end] != ':') return "a=" + names.word(line.substr(2));
  std::string out(line.substr(0, end));
  if (name == "fingerprint") {  // of a certificate, by which its owner is known again
    const std::size_t blank = std::min(line.find(' ', end), line.size());
    std::string value(line.substr(blank));
    std::replace_if(
        value.begin(), value.end(), [](char c) { return base::kAlphanum.contains(c); }, '0');
    return out.append(line.substr(end, blank - end)) + value;
  }
  if (name != "ssrc") return out + names.word(line.substr(end));
  const std::size_t blank = std::min(line.find(' ', end), line.size());
  const std::size_t colon = std::min(line.find(':', blank), line.size());
  return out.append(line.substr(end, colon - end)) + names.word(line.substr(colon));
}

[[nodiscard]] std::string sdp_line(Bytes line, const finding::Anonymiser& names) {
  if (line.size() < 2 || line[1] != '=') return names.word(line);
  switch (line[0]) {
    case 'v':
    case 't':
    case 'b':
    case 'm':
    case 'r':
    case 'z':
      return std::string(line);
    case 'a':
      return attribute(line, names);
    case 'o':
    case 'c':
    case 's':
    case 'i':
    case 'u':
    case 'e':
    case 'p':
    case 'k':
      return names.masked(line);
    default:
      return std::string(line.substr(0, 2)) + names.word(line.substr(2));
  }
}

[[nodiscard]] std::string sdp(Bytes body, const finding::Anonymiser& names) {
  std::string out;
  while (!body.empty()) out += sdp_line(take_line(body), names);
  return out;
}

/// RFC 2046 5.1, as far as lines tell: borders and the types of parts stay, SDP is masked, the rest is crossed out.
[[nodiscard]] std::string multipart(Bytes body, Bytes content_type, const finding::Anonymiser& names) {
  constexpr Bytes kBoundary = "boundary=";
  Bytes boundary = content_type.substr(std::min(content_type.find(kBoundary), content_type.size()));
  boundary.remove_prefix(std::min(kBoundary.size(), boundary.size()));
  boundary = boundary.starts_with('"') ? boundary.substr(1, boundary.find('"', 1) - 1)
                                       : boundary.substr(0, boundary.find_first_of("; \t\r\n"));
  enum { preamble, head, description, other } place = preamble;
  bool is_sdp = false;
  std::string out;
  while (!body.empty()) {
    const Bytes line = take_line(body);
    const Bytes text = line.substr(0, std::min(line.find_first_of("\r\n"), line.size()));
    if (!boundary.empty() && line.starts_with("--") && line.substr(2).starts_with(boundary)) {
      place = head;
      is_sdp = false;
      const Bytes rest = text.substr(boundary.size() + 2);
      out.append(line.substr(0, boundary.size() + 2));
      out.append(rest == "--" || rest.empty() ? std::string(line.substr(boundary.size() + 2))
                                              : crossed(line.substr(boundary.size() + 2)));
    } else if (place == head) {
      constexpr Bytes kType = "Content-Type:";
      const bool type = is_type(text, kType);
      if (type) is_sdp = is_type(base::trim(text.substr(kType.size())), "application/sdp");
      if (text.empty()) place = is_sdp ? description : other;
      out += type ? std::string(line) : names.word(line);
    } else {
      out += place == description ? sdp_line(line, names) : crossed(line);
    }
  }
  return out;
}

}  // namespace

std::string masked_bodies(Bytes body, Bytes content_type, const finding::Anonymiser& names) {
  if (is_type(content_type, "application/sdp")) return sdp(body, names);
  if (is_type(content_type, "multipart/")) return multipart(body, content_type, names);
  return crossed(body);
}

}  // namespace viaduct::app::analyze
