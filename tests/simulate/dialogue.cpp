// SPDX-License-Identifier: GPL-2.0-or-later
// The messages that phones and platform write.
#include "simulate/signalling.hpp"

namespace viaduct::simulate {
namespace {

constexpr std::string_view kServer = "Brightline SBC 6.4.2";
constexpr std::string_view kPlatformAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, UPDATE, REFER";

std::string codec_lines(bool g711) {
  return g711 ? "8 18 101" : "18 8 101";
}

void add_codecs(std::vector<std::string>& sdp, bool g711, bool comfort_noise) {
  if (g711) sdp.emplace_back("a=rtpmap:8 PCMA/8000");
  sdp.emplace_back("a=rtpmap:18 G729/8000");
  sdp.emplace_back(comfort_noise ? "a=fmtp:18 annexb=yes" : "a=fmtp:18 annexb=no");
  if (!g711) sdp.emplace_back("a=rtpmap:8 PCMA/8000");
  sdp.emplace_back("a=rtpmap:101 telephone-event/8000");
  sdp.emplace_back("a=fmtp:101 0-15");
  sdp.emplace_back("a=ptime:20");
}

/// Writes the version into o=: one more where the rest has changed (RFC 4566 5.2).
void count_version(std::vector<std::string>& sdp, std::string& said, int& version) {
  std::string now;
  for (const std::string& line : sdp)
    if (!line.starts_with("a=ice")) now += line;
  if (now != said) ++version;
  said = now;
  replace_word(sdp[1], "VERSION", std::to_string(version));
}

}  // namespace

std::string Signalling::call_id(Line& line) {
  const std::string drawn = line.random.text(20);
  switch (line.setup->make->call_id) {
    case CallIdForm::with_address:
      return drawn + "@" + (setup_.knowledge == Knowledge::setting ? line.believed : line.setup->sip).host();
    case CallIdForm::with_name:
      return drawn + "@phone-" + std::to_string(line.number);
    case CallIdForm::uuid:
      return drawn.substr(0, 8) + "-" + drawn.substr(8, 4) + "-4" + drawn.substr(12, 3) + "-a" + drawn.substr(15, 3) +
             "-" + line.random.text(12);
    case CallIdForm::plain:
      break;
  }
  return drawn + line.random.text(12);
}

Message Signalling::phone_request(Line& line, std::string_view method, const std::string& target, const Call* call,
                                  int cseq) {
  const Make& make = *line.setup->make;
  const std::string user = std::to_string(line.number);
  Message message;
  message.first = std::string(method) + " " + target + " SIP/2.0";
  const std::string via = "SIP/2.0/UDP " + line.believed.text();
  message.add("Via", make.rport_first ? via + ";rport;branch=" + branch() : via + ";branch=" + branch() + ";rport");
  message.add("Max-Forwards", "70");
  if (call != nullptr) {
    message.add("From", call->phone_uri + ";tag=" + call->phone_tag);
    message.add("To", call->platform_tag.empty() ? call->other_uri : call->other_uri + ";tag=" + call->platform_tag);
    message.add("Call-ID", call->call_id);
  }
  message.add("CSeq", std::to_string(cseq) + " " + std::string(method));
  if (method != "ACK" && method != "BYE")
    message.add("Contact", "<sip:" + user + "@" + line.believed.text() + std::string(make.contact_parameters) + ">");
  if (method == "INVITE" || method == "REGISTER") {
    message.add("Allow", std::string(make.allow));
    message.add("Supported", std::string(make.supported));
  }
  message.add("User-Agent", std::string(make.agent));
  return message;
}

Message Signalling::platform_request(std::string_view method, const std::string& target, const Call& call, int cseq) {
  Message message;
  message.first = std::string(method) + " " + target + " SIP/2.0";
  const Socket own{setup_.platform, kSipPort};
  for (const std::uint32_t proxy : {setup_.upper_via, setup_.platform, setup_.lower_via})
    if (proxy != 0) message.add("Via", "SIP/2.0/UDP " + Socket{proxy, kSipPort}.text() + ";branch=" + branch());
  message.add("Max-Forwards", "68");
  message.add("From", call.other_uri + ";tag=" + call.platform_tag);
  message.add("To", call.phone_tag.empty() ? call.phone_uri : call.phone_uri + ";tag=" + call.phone_tag);
  message.add("Call-ID", call.outer_call_id);
  message.add("CSeq", std::to_string(cseq) + " " + std::string(method));
  if (method != "ACK" && method != "BYE") message.add("Contact", "<sip:trunk@" + own.text() + ">");
  if (method == "INVITE") message.add("Allow", std::string(kPlatformAllow));
  return message;
}

Message Signalling::response(const Message& request, std::string_view status, bool by_platform, const Line& line,
                             Socket source) {
  Message message;
  message.first = "SIP/2.0 " + std::string(status);
  bool top = true;
  for (const auto& [name, value] : request.headers) {
    if (name != "Via" && name != "From" && name != "To" && name != "Call-ID" && name != "CSeq" &&
        name != "Record-Route")
      continue;
    std::string copied = value;
    if (name == "Via" && top && by_platform) {
      const std::size_t rport = copied.find(";rport");
      if (rport != std::string::npos && copied.find(";rport=") == std::string::npos)
        copied.insert(rport + 6, "=" + std::to_string(source.port));
      copied += ";received=" + source.host();
    }
    if (name == "Via") top = false;
    message.add(name, copied);
  }
  message.add(by_platform ? "Server" : "User-Agent", std::string(by_platform ? kServer : line.setup->make->agent));
  return message;
}

std::vector<std::string> Signalling::phone_sdp(Call& call, std::string_view attribute, Seconds now) {
  Line& line = *call.line;
  const Make& make = *line.setup->make;
  Socket media = call.phone_media;
  Socket control{media.address, static_cast<std::uint16_t>(media.port + 1)};
  if (setup_.knowledge == Knowledge::stun) {
    media = network_.reflexive(media, now);
    control = network_.reflexive(control, now);
  }
  if (setup_.knowledge == Knowledge::setting) media.address = control.address = setup_.outer;
  if (setup_.knowledge == Knowledge::learnt_sdp) media.address = control.address = line.believed.address;
  const std::string host = " IN IP4 " + media.host();
  std::vector<std::string> sdp{
      "v=0",
      "o=" + std::string(make.origin) + " " + std::to_string(call.phone_session) + " VERSION" + host,
      "s=" + std::string(make.session),
      "c=" + host.substr(1),
      "t=0 0",
      "m=audio " + std::to_string(media.port) + " RTP/AVP " + codec_lines(call.setup->g711)};
  add_codecs(sdp, call.setup->g711, call.setup->phone.silence_suppression);
  if (make.names_rtcp || setup_.ice) sdp.push_back("a=rtcp:" + std::to_string(control.port) + host);
  if (setup_.ice) {
    sdp.push_back("a=ice-ufrag:" + line.random.text(8));
    sdp.push_back("a=ice-pwd:" + line.random.text(24));
    sdp.push_back("a=candidate:H1 1 UDP 2130706431 " + call.phone_media.host() + " " +
                  std::to_string(call.phone_media.port) + " typ host");
    if (media != call.phone_media)
      sdp.push_back("a=candidate:S1 1 UDP 1694498815 " + media.host() + " " + std::to_string(media.port) +
                    " typ srflx raddr " + call.phone_media.host() + " rport " + std::to_string(call.phone_media.port));
  }
  sdp.emplace_back(attribute);
  count_version(sdp, call.phone_said, call.phone_version);
  return sdp;
}

std::vector<std::string> Signalling::platform_sdp(Call& call, std::string_view attribute) {
  const std::string host = "IN IP4 " + call.platform_media.host();
  std::vector<std::string> sdp{
      "v=0",
      "o=brightline " + std::to_string(call.platform_session) + " VERSION " + host,
      "s=-",
      "c=" + host,
      "t=0 0",
      "m=audio " + std::to_string(call.platform_media.port) + " RTP/AVP " + (call.setup->g711 ? "8 101" : "18 101"),
      call.setup->g711 ? "a=rtpmap:8 PCMA/8000" : "a=rtpmap:18 G729/8000",
      "a=rtpmap:101 telephone-event/8000",
      "a=fmtp:101 0-15",
      "a=ptime:20"};
  sdp.emplace_back(attribute);
  count_version(sdp, call.platform_said, call.platform_version);
  return sdp;
}

Message Signalling::phone_answer(const Message& request, Call& call, std::string_view status, Socket source) {
  Message message = response(request, status, false, *call.line, source);
  if (status.starts_with("100")) return message;
  if (Header* to = message.find("To"); to->value.find(";tag=") == std::string::npos)
    to->value += ";tag=" + call.phone_tag;
  message.add("Contact", "<sip:" + std::to_string(call.line->number) + "@" + call.line->believed.text() +
                             std::string(call.line->setup->make->contact_parameters) + ">");
  return message;
}

Message Signalling::platform_answer(const Message& request, Call& call, std::string_view status, Socket source) {
  Message message = response(request, status, true, *call.line, source);
  if (status.starts_with("100")) return message;
  if (Header* to = message.find("To"); to->value.find(";tag=") == std::string::npos)
    to->value += ";tag=" + call.platform_tag;
  message.add("Contact", "<sip:trunk@" + Socket{setup_.platform, kSipPort}.text() + ">");
  return message;
}

/// What the phone's SDP says once it has reached the platform.
void Signalling::told(Call& call, const Message& message) {
  const std::string* connection = message.line("c=");
  const std::string* audio = message.line("m=audio ");
  if (connection == nullptr || audio == nullptr) return;
  const auto address = net::parse_ipv4(connection->substr(9));
  if (address) call.told = {address->ipv4_host_order(), static_cast<std::uint16_t>(std::stoi(audio->substr(8)))};
}

}  // namespace viaduct::simulate
