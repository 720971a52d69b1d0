// SPDX-License-Identifier: GPL-2.0-or-later
#include "measure.hpp"
#include "message.hpp"
#include "wire.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

namespace bench {
namespace {

constexpr std::uint32_t kPhones = 20;
constexpr std::uint32_t kBatch = 32;

// A message whose changing numbers have a fixed width, so that writing the next one costs next to nothing.
class Template {
 public:
  explicit Template(const Call& call) : text_(invite(call, kFirst, true)) {
    const std::string digits = std::to_string(kFirst);
    for (std::size_t at = text_.find(digits); at != std::string::npos; at = text_.find(digits, at + 1))
      places_.push_back(at);
  }
  std::string_view next() {
    const std::string digits = std::to_string(++value_);
    for (const std::size_t at : places_) std::memcpy(text_.data() + at, digits.data(), digits.size());
    return text_;
  }

 private:
  static constexpr std::uint32_t kFirst = 700000001;
  std::uint32_t value_ = kFirst;
  std::string text_;
  std::vector<std::size_t> places_;  ///< branch, CSeq, o= version
};

struct Tally {
  std::atomic<std::uint64_t> received{0};
  std::uint64_t wrong = 0;       ///< an inner address left, or an outer one missing
  std::uint64_t moved = 0;       ///< m= port is not the one of the first INVITE
  std::uint64_t translated = 0;  ///< m= port differs from the phone's
  std::uint64_t octets = 0;
};

std::vector<Call> make_calls(std::uint32_t dialogs, bool shared_ports) {
  std::vector<Call> calls;
  for (std::uint32_t i = 0; i < dialogs; ++i) {
    const std::uint32_t phone = i % kPhones;
    // With shared ports two hosts use the same ones, so that every second dialog needs another port outside.
    const std::uint16_t media = static_cast<std::uint16_t>(10000 + (shared_ports ? i / 2 : i) * 2);
    calls.push_back(
        {i, "192.168.1." + std::to_string(10 + phone % 2), static_cast<std::uint16_t>(5100 + phone), media});
  }
  return calls;
}

// INVITE, 200, ACK for each dialog, one after the other; learns the outer media port of each.
std::vector<std::uint16_t> set_up(const std::vector<Call>& calls, const std::vector<Socket>& phones,
                                  const Socket& server) {
  std::vector<std::uint16_t> ports(calls.size());
  Receiver receiver;
  const sockaddr_in platform = to_sockaddr(std::string(kPlatform), 5060);
  for (const Call& call : calls) {
    const Socket& phone = phones[call.number % kPhones];
    for (int attempt = 0; ports[call.number] == 0; ++attempt) {
      if (attempt == 5) give_up("set up call " + std::to_string(call.number));
      phone.send(invite(call, 1, false), platform);
      for (const Received& r : receiver.receive(server, 500)) {
        if (call_number(r.data) == call.number) ports[call.number] = media_port(r.data);
        if (r.data.starts_with("INVITE")) server.send(ok(r.data, true), r.from);
      }
    }
    (void)receiver.receive(phone, 500);
    phone.send(ack(call), platform);
  }
  while (!receiver.receive(server, 100).empty()) {
  }
  return ports;
}

void check(const Received& r, const Path& path, const std::vector<Call>& calls, const std::vector<std::uint16_t>& ports,
           Tally& tally) {
  if (!r.data.starts_with("INVITE")) return;
  const std::uint32_t number = call_number(r.data);
  const std::uint16_t port = media_port(r.data);
  if (!path.outer.empty() && (occurrences(r.data, "192.168.") != 0 || occurrences(r.data, path.outer) != 4))
    ++tally.wrong;
  if (number < ports.size()) {
    tally.moved += ports[number] != port;
    tally.translated += calls[number].media != port;
  }
  tally.octets += r.data.size();
  tally.received.fetch_add(1, std::memory_order_relaxed);
}

// Only as many on the way as the queue holds. What a lost one leaves open is written off after a while.
class Window {
 public:
  Window(const Tally& tally, std::uint32_t size) : tally_(tally), size_(size) {}
  void wait_for_room(std::uint64_t sent, std::size_t more) {
    for (;;) {
      const std::uint64_t received = tally_.received.load(std::memory_order_relaxed);
      if (sent + more <= received + written_off_ + size_) return;
      const std::int64_t now = now_ns();
      if (received != last_received_) {
        last_received_ = received;
        last_progress_ = now;
      } else if (now - last_progress_ > 100'000'000) {
        written_off_ = sent - received;
        last_progress_ = now;
      } else {
        std::this_thread::yield();
      }
    }
  }

 private:
  const Tally& tally_;
  std::uint64_t size_;
  std::uint64_t written_off_ = 0;
  std::uint64_t last_received_ = 0;
  std::int64_t last_progress_ = now_ns();
};

// Re-INVITEs of all dialogs in turn, in batches that one phone sends; returns how many were sent.
std::uint64_t flood(const std::vector<Socket>& phones, std::vector<Template>& templates, Window& window,
                    std::int64_t end) {
  const sockaddr_in platform = to_sockaddr(std::string(kPlatform), 5060);
  const std::uint32_t per_phone = static_cast<std::uint32_t>(templates.size()) / kPhones;
  std::uint64_t sent = 0;
  std::vector<std::string_view> batch;
  for (std::uint32_t phone = 0; now_ns() < end; phone = (phone + 1) % kPhones) {
    batch.clear();
    for (std::uint32_t i = 0; i < std::min(kBatch, per_phone); ++i) {
      const std::uint32_t turn = static_cast<std::uint32_t>(sent / kPhones + i) % per_phone;
      batch.push_back(templates[turn * kPhones + phone].next());
    }
    window.wait_for_room(sent, batch.size());
    sent += phones[phone].send_many(batch, platform);
  }
  return sent;
}

std::string to_json(const Tally& tally, std::uint64_t sent, std::uint64_t in_time, double elapsed) {
  const std::uint64_t received = tally.received.load();
  return "{\"sent\":" + std::to_string(sent) + ",\"received\":" + std::to_string(received) +
         ",\"lost\":" + std::to_string(sent - received) + ",\"wrong\":" + std::to_string(tally.wrong) +
         ",\"moved\":" + std::to_string(tally.moved) + ",\"translated\":" + std::to_string(tally.translated) +
         ",\"octets\":" + std::to_string(received == 0 ? 0 : tally.octets / received) +
         ",\"rate\":" + std::to_string(static_cast<std::uint64_t>(static_cast<double>(in_time) / elapsed)) + "}";
}

}  // namespace

std::string measure_reinvites(const Path& path, std::uint32_t dialogs, double seconds, std::uint32_t window,
                              bool shared_ports) {
  const std::vector<Call> calls = make_calls(dialogs, shared_ports);
  std::vector<Socket> phones;
  phones.reserve(kPhones);
  for (std::uint32_t i = 0; i < kPhones; ++i) phones.emplace_back(path.client, calls[i].inner, calls[i].signalling);
  const Socket server(path.server, std::string(kPlatform), 5060);
  const std::vector<std::uint16_t> ports = set_up(calls, phones, server);
  std::vector<Template> templates(calls.begin(), calls.end());

  Tally tally;
  std::atomic<bool> done{false};
  std::thread reader([&] {
    Receiver receiver;
    while (!done.load(std::memory_order_relaxed))
      for (const Received& r : receiver.receive(server, 20)) check(r, path, calls, ports, tally);
  });
  Window on_the_way(tally, window);
  const std::int64_t begin = now_ns();
  const std::uint64_t sent = flood(phones, templates, on_the_way, begin + static_cast<std::int64_t>(seconds * 1e9));
  const std::uint64_t in_time = tally.received.load();
  const double elapsed = static_cast<double>(now_ns() - begin) / 1e9;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  done = true;
  reader.join();
  return to_json(tally, sent, in_time, elapsed);
}

}  // namespace bench
