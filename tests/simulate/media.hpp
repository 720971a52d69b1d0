// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/agenda.hpp"
#include "simulate/network.hpp"

#include <vector>

namespace viaduct::simulate {

/// The RTP senders of all calls.
class Media {
 public:
  Media(const SiteSetup& setup, Agenda& agenda, Network& network) : setup_(setup), agenda_(agenda), network_(network) {}

  /// Both sides of an answered call begin to speak.
  void begin(Call& call, Seconds now);
  /// One side falls silent or goes on, as SDP told it.
  void pause(Stream& stream) { stream.paused = true; }
  void go_on(Stream& stream) { stream.paused = false; }
  /// Another sender takes the platform's place.
  void replace_other(Call& call, Seconds now);
  void end(Call& call);
  /// A sender's turn; it plans its next one.
  void wake(std::uint32_t sender, Seconds now);

 private:
  void start(Stream& stream, const Talk& talk, Random random, Seconds now);
  bool stalled(Stream& stream, Seconds now);
  bool muted(Stream& stream, Seconds now);
  void take_turns(Stream& stream, Seconds now);
  void send(Stream& stream, Seconds now, bool descriptor);
  void landed(Stream& stream, const Rtp& rtp, const Network::Landing& landing);
  void report(Call& call, Direction direction, Seconds every, Seconds now);

  const SiteSetup& setup_;
  Agenda& agenda_;
  Network& network_;
  std::vector<Stream*> senders_;
};

}  // namespace viaduct::simulate
