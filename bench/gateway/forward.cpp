// SPDX-License-Identifier: GPL-2.0-or-later
#include "measure.hpp"
#include "wire.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace bench {
namespace {

constexpr std::size_t kRtpPacket = 172;  // 20 ms of G.711 with its header: 214 octets on Ethernet
constexpr std::size_t kBatch = 16;
constexpr std::uint16_t kPort = 20000;

}  // namespace

std::string measure_forward(const Path& path, const std::string& server, std::uint32_t rate, std::uint32_t flows,
                            double seconds) {
  const Socket sink(path.server, server, kPort);
  std::vector<Socket> sources;
  sources.reserve(flows);
  for (std::uint32_t i = 0; i < flows; ++i)
    sources.emplace_back(path.client, "192.168.1.10", static_cast<std::uint16_t>(kPort + 2 * i));
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> received{0};
  std::thread reader([&] {
    Receiver receiver;
    while (!done.load(std::memory_order_relaxed)) received += receiver.receive(sink, 20).size();
  });
  const std::string packet(kRtpPacket, '\x80');
  const std::vector<std::string_view> batch(kBatch, packet);
  const sockaddr_in to = to_sockaddr(server, kPort);
  for (const Socket& source : sources) source.send(packet, to);  // neighbours are asked for, mappings made
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  received = 0;
  std::uint64_t sent = 0;
  const std::int64_t begin = now_ns();
  const std::int64_t end = begin + static_cast<std::int64_t>(seconds * 1e9);
  for (std::size_t i = 0; now_ns() < end; i = (i + 1) % sources.size()) {
    sent += sources[i].send_many(batch, to);
    // Behind its time it catches up; ahead of it, it waits.
    const std::int64_t due = begin + static_cast<std::int64_t>(static_cast<double>(sent) * 1e9 / rate);
    if (const std::int64_t early = due - now_ns(); early > 0)
      std::this_thread::sleep_for(std::chrono::nanoseconds(early));
  }
  const double elapsed = static_cast<double>(now_ns() - begin) / 1e9;
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  done = true;
  reader.join();
  return "{\"sent\":" + std::to_string(sent) + ",\"received\":" + std::to_string(received.load()) +
         ",\"seconds\":" + std::to_string(elapsed) + "}";
}

}  // namespace bench
