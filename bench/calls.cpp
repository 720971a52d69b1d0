// SPDX-License-Identifier: GPL-2.0-or-later
#include "calls.hpp"

#include <deque>
#include <fstream>

namespace viaduct::bench {
namespace {

using Time = std::chrono::microseconds;

constexpr Time kPtime = std::chrono::milliseconds(20);
constexpr Time kSetUp = std::chrono::milliseconds(60);  // INVITE, 180, 200, one a ptime; the ACK comes with the media
constexpr unsigned kPhones = 1000;                      // with one call at a time, as long as calls are short enough
constexpr std::uint32_t kServer = 0x0a00270f;           // 10.0.39.15

std::string big_endian(std::uint64_t value, int octets) {
  std::string text;
  for (int i = octets - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string host_order(std::uint32_t value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string dotted(std::uint32_t address) {
  std::string text = std::to_string(address >> 24);
  for (const int shift : {16, 8, 0}) text += "." + std::to_string(address >> shift & 255U);
  return text;
}

struct Call {
  int number;
  Time begin;
  int step = 0;  ///< of kPtime

  [[nodiscard]] unsigned index() const { return static_cast<unsigned>(number) % kPhones; }
  [[nodiscard]] std::uint32_t phone() const { return 0x0a010000U + index(); }
  [[nodiscard]] unsigned port() const { return 10000U + 2U * (static_cast<unsigned>(number) % 20000U); }
};

class Capture {
 public:
  explicit Capture(const std::string& path) : file_(path, std::ios::binary) {
    file_ << host_order(0xa1b2c3d4) << host_order(0x00040002) << host_order(0) << host_order(0) << host_order(262144)
          << host_order(1);
  }

  void datagram(Time at, const Call& call, bool outward, unsigned port, const std::string& payload) {
    const std::string phone = big_endian(call.phone(), 4);
    const std::string server = big_endian(kServer, 4);
    const std::string udp =
        big_endian(port, 2) + big_endian(port, 2) + big_endian(8 + payload.size(), 2) + big_endian(0, 2) + payload;
    const std::string ip = "\x45\xb8" + big_endian(20 + udp.size(), 2) + big_endian(0x00014000, 4) + "\x40\x11" +
                           big_endian(0, 2) + (outward ? phone + server : server + phone);
    const std::string frame = std::string("\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14) + ip + udp;
    const std::uint32_t size = static_cast<std::uint32_t>(frame.size());
    file_ << host_order(1700000000 + static_cast<std::uint32_t>(at.count() / 1000000))
          << host_order(static_cast<std::uint32_t>(at.count() % 1000000)) << host_order(size) << host_order(size)
          << frame;
  }

  void message(Time at, const Call& call, bool outward, const std::string& first_line, const std::string& cseq,
               bool with_sdp) {
    const std::string id = std::to_string(call.number);
    const std::string phone = dotted(call.phone());
    std::string sdp;
    if (with_sdp) {
      const std::string here = outward ? phone : dotted(kServer);
      sdp = "v=0\r\no=- 1 1 IN IP4 " + here + "\r\ns=-\r\nc=IN IP4 " + here + "\r\nt=0 0\r\nm=audio " +
            std::to_string(call.port()) + " RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n" +
            "a=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n";
    }
    const bool first = first_line.starts_with("INVITE");
    datagram(at, call, outward, 5060,
             first_line + "\r\nVia: SIP/2.0/UDP " + phone + ":5060;branch=z9hG4bK" + id + cseq[0] + ";rport\r\n" +
                 "Max-Forwards: 70\r\nFrom: \"Phone " + std::to_string(call.index()) +
                 "\" <sip:" + std::to_string(200000 + call.index()) + "@pbx.example.org>;tag=a" + id +
                 "\r\nTo: <sip:" + std::to_string(700000 + call.number) + "@pbx.example.org>" +
                 (first ? "" : ";tag=b" + id) + "\r\nCall-ID: 7d0c1f6e2b954a38-" + id + "@" + phone +
                 "\r\nCSeq: " + cseq + "\r\nContact: <sip:" + std::to_string(200000 + call.index()) + "@" +
                 (outward ? phone : dotted(kServer)) + ":5060>\r\nUser-Agent: Phone 1.2.3.4\r\n" +
                 (with_sdp ? "Content-Type: application/sdp\r\n" : "") +
                 "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp);
  }

  void voice(Time at, const Call& call, bool outward, int number) {
    datagram(at, call, outward, call.port(),
             big_endian(0x8008, 2) + big_endian(static_cast<unsigned>(number), 2) +
                 big_endian(static_cast<unsigned>(number) * 160U, 4) +
                 big_endian(static_cast<unsigned>(call.number) * 2U + (outward ? 1 : 0), 4) + std::string(160, '\x2a'));
  }

  [[nodiscard]] bool written() { return !file_.flush().fail(); }

 private:
  std::ofstream file_;
};

/// Writes what a call sends in its next 20 ms; false once it is over.
bool step(Capture& file, Call& call, int packets) {
  const Time at = call.begin + call.step * kPtime;
  const int media = call.step++ - static_cast<int>(kSetUp / kPtime);
  if (media == -3) file.message(at, call, true, "INVITE sip:b@pbx.example.org SIP/2.0", "1 INVITE", true);
  if (media == -2) file.message(at, call, false, "SIP/2.0 180 Ringing", "1 INVITE", false);
  if (media == -1) file.message(at, call, false, "SIP/2.0 200 OK", "1 INVITE", true);
  if (media == 0) file.message(at, call, true, "ACK sip:b@pbx.example.org SIP/2.0", "1 ACK", false);
  if (media >= 0 && media < packets) {
    file.voice(at + Time(10), call, true, media);
    file.voice(at + Time(50), call, false, media);
  }
  if (media == packets) file.message(at, call, true, "BYE sip:b@pbx.example.org SIP/2.0", "2 BYE", false);
  if (media == packets + 1) file.message(at, call, false, "SIP/2.0 200 OK", "2 BYE", false);
  return media <= packets;
}

}  // namespace

bool write_calls(const std::string& path, const CallLoad& load) {
  Capture file(path);
  std::deque<Call> live;
  int begun = 0;
  for (Time slot{}; begun < load.calls || !live.empty(); slot += kPtime) {
    for (; begun < load.calls && begun * load.between_calls < slot + kPtime; ++begun)
      live.push_back({begun + 1, begun * load.between_calls});
    // All calls are of one length: those that began first end first.
    std::size_t ended = 0;
    for (Call& call : live) ended += step(file, call, load.packets_a_direction) ? 0 : 1;
    live.erase(live.begin(), live.begin() + static_cast<std::ptrdiff_t>(ended));
  }
  return file.written();
}

}  // namespace viaduct::bench
