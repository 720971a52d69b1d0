// SPDX-License-Identifier: GPL-2.0-or-later
#include "measure.hpp"
#include "message.hpp"
#include "wire.hpp"

#include <algorithm>

namespace bench {
namespace {

constexpr std::uint32_t kPhones = 20;
constexpr std::int64_t kPatience = 2'000'000'000;

enum class Stage : std::uint8_t { unborn, inviting, hanging_up, done };

struct Progress {
  Call call;
  Stage stage = Stage::unborn;
  std::int64_t invited = 0;
  std::int64_t answered = 0;
  bool translated = false;
};

struct World {
  const Path& path;
  std::vector<Socket> phones;
  Socket server;
  std::vector<Progress> calls;
  sockaddr_in platform = to_sockaddr(std::string(kPlatform), 5060);
  std::uint32_t finished = 0;
};

void serve(World& world, Receiver& receiver) {
  for (const Received& r : receiver.receive(world.server, 0)) {
    const bool is_invite = r.data.starts_with("INVITE");
    if (!is_invite && !r.data.starts_with("BYE")) continue;
    const std::uint32_t number = call_number(r.data);
    if (is_invite && number < world.calls.size())
      world.calls[number].translated = world.path.outer.empty() || (occurrences(r.data, "192.168.") == 0 &&
                                                                    occurrences(r.data, world.path.outer) == 4);
    world.server.send(ok(r.data, is_invite), r.from);
  }
}

void talk(World& world, Receiver& receiver) {
  for (const Socket& phone : world.phones)
    for (const Received& r : receiver.receive(phone, 0)) {
      const std::uint32_t number = call_number(r.data);
      if (number >= world.calls.size()) continue;
      Progress& progress = world.calls[number];
      if (progress.stage == Stage::inviting) {
        progress.answered = now_ns();
        progress.stage = Stage::hanging_up;
        phone.send(ack(progress.call), world.platform);
        phone.send(bye(progress.call), world.platform);
      } else if (progress.stage == Stage::hanging_up && header(r.data, "CSeq").ends_with("BYE")) {
        progress.stage = Stage::done;
        ++world.finished;
      }
    }
}

World make_world(const Path& path, std::uint32_t count) {
  World world{path, {}, Socket(path.server, std::string(kPlatform), 5060), {}};
  for (std::uint32_t i = 0; i < kPhones; ++i)
    world.phones.emplace_back(path.client, "192.168.1." + std::to_string(10 + i % 10),
                              static_cast<std::uint16_t>(5100 + i / 10));
  world.calls.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Socket& phone = world.phones[i % kPhones];
    world.calls[i].call = {i, phone.address(), phone.port(), static_cast<std::uint16_t>(6000 + i / 10 % 25000 * 2)};
  }
  return world;
}

}  // namespace

std::string measure_calls(const Path& path, std::uint32_t rate, double seconds) {
  const std::uint32_t count = static_cast<std::uint32_t>(rate * seconds);
  World world = make_world(path, count);
  Receiver receiver;
  const std::int64_t begin = now_ns();
  std::uint32_t next = 0;
  std::int64_t last_sent = begin;
  while (world.finished < count && (next < count || now_ns() - last_sent < kPatience)) {
    const std::int64_t now = now_ns();
    const std::uint32_t due =
        static_cast<std::uint32_t>(std::min<double>(count, static_cast<double>(now - begin) / 1e9 * rate));
    for (; next < due; ++next) {
      Progress& progress = world.calls[next];
      progress.stage = Stage::inviting;
      progress.invited = last_sent = now_ns();
      world.phones[next % kPhones].send(invite(progress.call, 1, false), world.platform);
    }
    serve(world, receiver);
    talk(world, receiver);
  }
  const double elapsed = static_cast<double>(last_sent - begin) / 1e9;
  std::vector<std::int64_t> times;
  std::uint32_t translated = 0;
  for (const Progress& progress : world.calls) {
    if (progress.answered != 0) times.push_back(progress.answered - progress.invited);
    translated += progress.translated;
  }
  std::sort(times.begin(), times.end());
  auto at = [&](double share) {
    return times.empty() ? std::int64_t{0}
                         : times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))] / 1000;
  };
  return "{\"calls\":" + std::to_string(count) + ",\"finished\":" + std::to_string(world.finished) +
         ",\"lost\":" + std::to_string(count - world.finished) + ",\"translated\":" + std::to_string(translated) +
         ",\"rate\":" + std::to_string(static_cast<std::uint64_t>(count / elapsed)) +
         ",\"setup_us_median\":" + std::to_string(at(0.5)) + ",\"setup_us_p99\":" + std::to_string(at(0.99)) +
         ",\"setup_us_max\":" + std::to_string(at(1.0)) + "}";
}

}  // namespace bench
