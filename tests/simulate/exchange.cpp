// SPDX-License-Identifier: GPL-2.0-or-later
// How SIP requests and responses travel: one that is lost is sent again.
#include "simulate/signalling.hpp"

#include <utility>

namespace viaduct::simulate {
namespace {

constexpr Seconds kT1 = 0.5;  // RFC 3261 17.1.1.1
constexpr int kTries = 7;

Direction back(Direction direction) {
  return direction == Direction::up ? Direction::down : Direction::up;
}

}  // namespace

struct Signalling::Exchange {
  Line& line;
  Direction direction;
  Message request;
  Answer answer;
  Done done;
  int tries = 0;
  bool answered = false, done_with = false;
  std::vector<Reply> replies{};
};

/// Without an answer: ACK. Lost is lost.
void Signalling::send(Line& line, Direction direction, const Message& message, Seconds now) {
  const auto arrival = network_.sip(line, direction, message, now);
  if (arrival && direction == Direction::up) line.source = arrival->source;
}

void Signalling::ask(Line& line, Direction direction, Message request, Answer answer, Done done, Seconds now) {
  if (direction == Direction::up) request.arrange(line.setup->make->order);
  attempt(std::make_shared<Exchange>(Exchange{line, direction, std::move(request), std::move(answer), std::move(done)}),
          now);
}

/// Sends the request, and again as long as nothing has come back: the client's transaction.
void Signalling::attempt(const std::shared_ptr<Exchange>& exchange, Seconds now) {
  if (exchange->answered || exchange->done_with || exchange->tries == kTries) return;
  const Seconds again = now + kT1 * (1 << exchange->tries++);
  agenda_.at(again, [this, exchange](Seconds time) { attempt(exchange, time); });
  const auto arrival = network_.sip(exchange->line, exchange->direction, exchange->request, now);
  if (!arrival) return;
  agenda_.at(arrival->time, [this, exchange, arrival = *arrival](Seconds time) {
    if (exchange->direction == Direction::up) exchange->line.source = arrival.source;
    if (exchange->replies.empty()) exchange->replies = exchange->answer(arrival.message, arrival.source, time);
    for (const Reply& each : exchange->replies)
      agenda_.at(time + each.after, [this, exchange, each](Seconds due) { reply(exchange, each, due, 0); });
  });
}

/// Sends a response. A final one to an INVITE is sent again until it arrives (RFC 3261 13.3.1.4).
void Signalling::reply(const std::shared_ptr<Exchange>& exchange, const Reply& reply, Seconds now, int tries) {
  if (exchange->done_with) return;
  const auto arrival = network_.sip(exchange->line, back(exchange->direction), reply.message, now);
  const bool final = reply.message.status() >= 200;
  if (!arrival) {
    const bool repeats = final && reply.message.method() == "INVITE" && tries < kTries;
    if (repeats)
      agenda_.at(now + kT1 * (1 << tries),
                 [this, exchange, reply, tries](Seconds time) { this->reply(exchange, reply, time, tries + 1); });
    return;
  }
  agenda_.at(arrival->time, [exchange, final, arrival = *arrival](Seconds time) {
    exchange->answered = true;
    if (!final || std::exchange(exchange->done_with, true)) return;
    if (exchange->direction == Direction::down) exchange->line.source = arrival.source;
    if (exchange->done) exchange->done(arrival.message, time);
  });
}

}  // namespace viaduct::simulate
