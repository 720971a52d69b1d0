// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/link.hpp"

#include "faults/packet.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::faults {

bool Link::chance(double share) {
  return share > 0 && std::uniform_real_distribution<double>(0, 1)(random_) < share;
}

bool Link::loses() {
  bad_ = bad_ ? !chance(settings_.burst_leave) : chance(settings_.burst_enter);
  return bad_ || chance(settings_.loss);
}

std::optional<base::Instant> Link::departure(std::size_t octets, base::Instant now) {
  if (settings_.rate == 0) return now;
  const base::Instant start = std::max(free_at_, now);
  const auto per_octet = 8e9 / static_cast<double>(settings_.rate);
  const double waiting = static_cast<double>((start - now).count()) / per_octet;
  if (waiting + static_cast<double>(octets) > static_cast<double>(std::min(settings_.queue, kMaxWaiting)))
    return std::nullopt;
  free_at_ = start + base::Duration(static_cast<std::int64_t>(per_octet * static_cast<double>(octets)));
  return free_at_;
}

void Link::send(std::string packet, base::Instant now) {
  if (loses() || waiting_ + packet.size() > kMaxWaiting) {
    ++lost_;
    return;
  }
  const std::optional<base::Instant> left = departure(packet.size(), now);
  if (!left) {
    ++lost_;
    return;
  }
  if (settings_.bleach) {
    if (base::Result<Packet, PacketProblem> read = Packet::parse(packet); read && read->dscp() != 0) {
      read->set_dscp(0);
      packet = read->octets();
    }
  }
  waiting_ += packet.size();
  if (chance(settings_.reorder)) {
    arriving_.emplace(*left, std::move(packet));
    return;
  }
  base::Instant arrival = *left + settings_.delay;
  if (settings_.jitter.count() > 0)
    arrival =
        arrival + base::Duration(std::uniform_int_distribution<std::int64_t>(0, settings_.jitter.count())(random_));
  arrival = std::max(arrival, last_arrival_);
  last_arrival_ = arrival;
  arriving_.emplace(arrival, std::move(packet));
}

std::optional<base::Instant> Link::next() const {
  if (arriving_.empty()) return std::nullopt;
  return arriving_.begin()->first;
}

std::optional<std::string> Link::receive(base::Instant now) {
  if (arriving_.empty() || arriving_.begin()->first > now) return std::nullopt;
  std::string packet = std::move(arriving_.extract(arriving_.begin()).mapped());
  waiting_ -= packet.size();
  return packet;
}

}  // namespace viaduct::faults
