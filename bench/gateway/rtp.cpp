// SPDX-License-Identifier: GPL-2.0-or-later
#include "measure.hpp"
#include "message.hpp"
#include "wire.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

namespace bench {
namespace {

constexpr std::size_t kRtpPacket = 172;  // 20 ms of G.711 with its header

// One path with its calls up and its media sockets open.
struct Media {
  explicit Media(const Path& path)
      : signalling(path.client, "192.168.1.10", 5060),
        server(path.server, std::string(kPlatform), 5060),
        sink(path.server, std::string(kPlatform), kPlatformMedia) {}

  Socket signalling;
  Socket server;
  Socket sink;
  std::vector<Socket> sources;
};

std::unique_ptr<Media> set_up(const Path& path, std::uint32_t flows) {
  std::unique_ptr<Media> media = std::make_unique<Media>(path);
  Receiver receiver;
  const sockaddr_in platform = to_sockaddr(std::string(kPlatform), 5060);
  for (std::uint32_t i = 0; i < flows; ++i) {
    const Call call{i, "192.168.1.10", 5060, static_cast<std::uint16_t>(20000 + 2 * i)};
    media->sources.emplace_back(path.client, call.inner, call.media);
    media->signalling.send(invite(call, 1, false), platform);
    // The ACK of the call before may come first, and alone.
    for (bool invited = false; !invited;) {
      const std::vector<Received>& all = receiver.receive(media->server, 1000);
      if (all.empty()) give_up("get the INVITE of call " + std::to_string(i));
      for (const Received& r : all) {
        if (!r.data.starts_with("INVITE")) continue;
        invited = true;
        media->server.send(ok(r.data, true), r.from);
      }
    }
    if (receiver.receive(media->signalling, 1000).empty()) give_up("set up call " + std::to_string(i));
    media->signalling.send(ack(call), platform);
  }
  return media;
}

std::uint64_t burst(const Media& media, double seconds) {
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> received{0};
  std::thread reader([&] {
    Receiver receiver;
    while (!done.load(std::memory_order_relaxed)) received += receiver.receive(media.sink, 20).size();
  });
  const std::string packet(kRtpPacket, '\x80');
  const std::vector<std::string_view> batch(32, packet);
  const sockaddr_in sink = to_sockaddr(std::string(kPlatform), kPlatformMedia);
  const std::int64_t begin = now_ns();
  const std::int64_t end = begin + static_cast<std::int64_t>(seconds * 1e9);
  for (std::size_t i = 0; now_ns() < end; i = (i + 1) % media.sources.size())
    (void)media.sources[i].send_many(batch, sink);
  const double elapsed = static_cast<double>(now_ns() - begin) / 1e9;
  const std::uint64_t in_time = received.load();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  done = true;
  reader.join();
  return static_cast<std::uint64_t>(static_cast<double>(in_time) / elapsed);
}

}  // namespace

std::string measure_rtp(const std::vector<Path>& paths, std::uint32_t flows, double seconds, std::uint32_t rounds) {
  std::vector<std::unique_ptr<Media>> media(paths.size());
  std::ranges::transform(paths, media.begin(), [flows](const Path& path) { return set_up(path, flows); });
  for (const std::unique_ptr<Media>& one : media) (void)burst(*one, seconds / 4);
  std::string text = "{\"rounds\":[";
  for (std::uint32_t round = 0; round < rounds; ++round) {
    text += round == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < media.size(); ++i)
      text += (i == 0 ? "" : ",") + std::to_string(burst(*media[i], seconds));
    text += "]";
  }
  return text + "]}";
}

}  // namespace bench
