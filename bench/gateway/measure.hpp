// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// One router between two namespaces, as `bench/gateway/run` sets it up.
struct Path {
  std::string client;  ///< network namespace of the phones
  std::string server;  ///< of the platform
  std::string outer;   ///< address of the router's WAN; empty where nothing is translated in messages
};

/// Answers as JSON on one line; the caller prints it.
/// (a) Dialogs are set up, then re-INVITEs run as fast as `window` unanswered ones allow.
[[nodiscard]] std::string measure_reinvites(const Path& path, std::uint32_t dialogs, double seconds,
                                            std::uint32_t window, bool shared_ports);
/// (b) `rate` new calls a second: INVITE, 200, ACK, BYE, 200.
[[nodiscard]] std::string measure_calls(const Path& path, std::uint32_t rate, double seconds);
/// (c) RTP of `flows` calls through each path in turn, `rounds` times.
[[nodiscard]] std::string measure_rtp(const std::vector<Path>& paths, std::uint32_t flows, double seconds,
                                      std::uint32_t rounds);
/// Datagrams as large as RTP, `rate` a second over `flows` flows, to the address `server`: how many arrive.
[[nodiscard]] std::string measure_forward(const Path& path, const std::string& server, std::uint32_t rate,
                                          std::uint32_t flows, double seconds);

}  // namespace bench
