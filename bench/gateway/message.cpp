// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.hpp"

#include <cstring>

namespace bench {
namespace {

std::string number(std::uint32_t value) {
  return std::to_string(value);
}

std::string head(const Call& call, const char* method, std::uint32_t cseq, bool in_dialog) {
  const std::string phone = call.inner + ":" + number(call.signalling);
  const std::string id = number(call.number);
  return std::string(method) + " sip:alice@" + std::string(kPlatform) + " SIP/2.0\r\nVia: SIP/2.0/UDP " + phone +
         ";branch=z9hG4bK-" + id + "-" + number(cseq) +
         "\r\nMax-Forwards: 70\r\nFrom: \"Bob\" <sip:bob@example.net>;tag=a" + id + "\r\nTo: <sip:alice@example.net>" +
         (in_dialog ? ";tag=b" + id : "") + "\r\nCall-ID: " + id + "-8f3a2b1c@phone" + "\r\nCSeq: " + number(cseq) +
         " " + method + "\r\n";
}

}  // namespace

std::string invite(const Call& call, std::uint32_t cseq, bool in_dialog) {
  const std::string phone = call.inner + ":" + number(call.signalling);
  const std::string sdp =
      "v=0\r\no=bob 20518 " + number(cseq) + " IN IP4 " + call.inner + "\r\ns=call\r\nc=IN IP4 " + call.inner +
      "\r\nt=0 0\r\nm=audio " + number(call.media) +
      " RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
      "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
  return head(call, "INVITE", cseq, in_dialog) + "Contact: <sip:bob@" + phone +
         ">\r\nAllow: INVITE, ACK, OPTIONS, CANCEL, BYE, UPDATE, INFO, NOTIFY, REFER\r\nSupported: replaces\r\n"
         "User-Agent: Bench 1.0\r\nContent-Type: application/sdp\r\nContent-Length: " +
         number(static_cast<std::uint32_t>(sdp.size())) + "\r\n\r\n" + sdp;
}

std::string ack(const Call& call) {
  return head(call, "ACK", 1, true) + "Content-Length: 0\r\n\r\n";
}

std::string bye(const Call& call) {
  return head(call, "BYE", 2, true) + "Content-Length: 0\r\n\r\n";
}

std::string_view header(std::string_view message, std::string_view name) {
  std::string key = "\r\n" + std::string(name) + ": ";
  const std::size_t at = message.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + key.size();
  return message.substr(begin, message.find("\r\n", begin) - begin);
}

std::string ok(std::string_view request, bool with_sdp) {
  const std::string id = number(call_number(request));
  std::string to(header(request, "To"));
  if (to.find(";tag=") == std::string::npos) to += ";tag=b" + id;
  const std::string sdp = with_sdp ? "v=0\r\no=al 1 1 IN IP4 " + std::string(kPlatform) + "\r\ns=-\r\nc=IN IP4 " +
                                         std::string(kPlatform) + "\r\nt=0 0\r\nm=audio " + number(kPlatformMedia) +
                                         " RTP/AVP 0\r\n"
                                   : "";
  std::string text = "SIP/2.0 200 OK\r\n";
  for (const char* name : {"Via", "From"})
    text += std::string(name) + ": " + std::string(header(request, name)) + "\r\n";
  text += "To: " + to + "\r\n";
  for (const char* name : {"Call-ID", "CSeq"})
    text += std::string(name) + ": " + std::string(header(request, name)) + "\r\n";
  text += "Contact: <sip:alice@" + std::string(kPlatform) + ">\r\n";
  if (with_sdp) text += "Content-Type: application/sdp\r\n";
  return text + "Content-Length: " + number(static_cast<std::uint32_t>(sdp.size())) + "\r\n\r\n" + sdp;
}

std::uint32_t call_number(std::string_view message) {
  const std::size_t at = message.find("\r\nCall-ID: ");
  std::uint32_t value = 0;
  for (std::size_t i = at == std::string_view::npos ? message.size() : at + 11;
       i < message.size() && message[i] >= '0' && message[i] <= '9'; ++i)
    value = value * 10 + static_cast<std::uint32_t>(message[i] - '0');
  return value;
}

std::uint16_t media_port(std::string_view message) {
  const std::size_t at = message.find("\r\nm=audio ");
  std::uint32_t value = 0;
  for (std::size_t i = at == std::string_view::npos ? message.size() : at + 10;
       i < message.size() && message[i] >= '0' && message[i] <= '9'; ++i)
    value = value * 10 + static_cast<std::uint32_t>(message[i] - '0');
  return static_cast<std::uint16_t>(value);
}

std::size_t occurrences(std::string_view message, std::string_view needle) {
  std::size_t count = 0;
  const char* at = message.data();
  const char* const end = at + message.size();
  while ((at = static_cast<const char*>(
              memmem(at, static_cast<std::size_t>(end - at), needle.data(), needle.size()))) != nullptr) {
    ++count;
    at += needle.size();
  }
  return count;
}

}  // namespace bench
