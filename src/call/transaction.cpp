// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/transaction.hpp"

#include "call/hash.hpp"

#include <algorithm>

namespace viaduct::call {

Again Repeats::add(Time time) {
  if (!seen()) {
    last = time;
    return Again::first;
  }
  // Two captures in one file may be a little out of order.
  const Duration since = time > last ? time - last : last - time;
  if (since < kMirrorTime) {
    if (mirrored < 0xffff) ++mirrored;
    return Again::mirrored;
  }
  if (count < 0xffff) ++count;
  if (intervals.size() < kMaxIntervals) {
    const std::int64_t milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    intervals.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(milliseconds, 0xffffffff)));
  }
  last = std::max(last, time);
  return Again::retransmitted;
}

Again Last::add(std::uint64_t its_mark, Time now) {
  Again again = Again::first;
  if (time != kNever && mark == its_mark) again = now - time < kMirrorTime ? Again::mirrored : Again::retransmitted;
  mark = its_mark;
  time = now;
  return again;
}

bool Transaction::unanswered(Time now) const {
  return requested != kNever && !finished() && trying == kNever && provisional == kNever && now - requested >= kTimerB;
}

TransactionList::Outcome TransactionList::add(const Reading& reading, Party from) {
  if (!reading.is_request()) return add_response(reading, from);
  if (reading.method == sip::Method::ack) return add_acknowledgement(reading, from);
  return add_request(reading, from);
}

Transaction* TransactionList::find(const Reading& reading, sip::Method method, Party from, bool any_key) {
  const auto belongs = [&](const Transaction& t) {
    return t.method == method && t.cseq == reading.cseq && t.from == from &&
           (any_key || t.key == reading.transaction_key);
  };
  const auto found = std::find_if(items_.rbegin(), items_.rend(), belongs);
  return found == items_.rend() ? nullptr : &*found;
}

Transaction& TransactionList::append(const Reading& reading, Party from) {
  if (items_.size() >= kMax) {
    const auto finished = std::find_if(items_.begin(), items_.end(), [](const Transaction& t) { return t.finished(); });
    items_.erase(finished == items_.end() ? items_.begin() : finished);
    ++dropped_;
  }
  Transaction& fresh = items_.emplace_back();
  fresh.key = reading.transaction_key;
  fresh.cseq = reading.cseq;
  fresh.method = reading.method;
  fresh.from = from;
  fresh.request_frame = reading.sighting.frame;
  return fresh;
}

TransactionList::Outcome TransactionList::add_request(const Reading& reading, Party from) {
  const Time time = reading.sighting.time;
  if (reading.method == sip::Method::cancel)
    for (const bool any_key : {false, true})
      if (Transaction* const invite = find(reading, sip::Method::invite, from, any_key)) {
        if (invite->cancelled == kNever) invite->cancelled = time;
        break;
      }
  Transaction* known = find(reading, reading.method, from, false);
  if (known == nullptr) known = &append(reading, from);
  const Again again = known->request.add(time);
  if (again == Again::first) {
    known->requested = time;
    known->request_frame = reading.sighting.frame;
    known->requester = reading.sighting.source;
    known->asked = reading.sighting.destination;
    known->request_length = reading.sighting.length;
  }
  return {known, again};
}

TransactionList::Outcome TransactionList::add_acknowledgement(const Reading& reading, Party from) {
  Transaction* known = find(reading, sip::Method::invite, from, false);
  // The ACK of a 2xx has a branch of its own (RFC 3261 13.2.2.4).
  if (known == nullptr) known = find(reading, sip::Method::invite, from, true);
  if (known == nullptr) return {};
  if (known->acknowledged == kNever) {
    known->acknowledged = reading.sighting.time;
    known->acknowledged_to = reading.sighting.destination;
    known->ack_frame = reading.sighting.frame;
  }
  return {known, known->ack.add(reading.sighting.time)};
}

namespace {

Again add_provisional(Transaction& transaction, const Reading& reading, std::uint64_t mark) {
  const Time time = reading.sighting.time;
  Time& first = reading.status == 100 ? transaction.trying : transaction.provisional;
  if (first == kNever) first = time;
  if (reading.status != 100) transaction.provisional_status = reading.status;
  return transaction.provisional_last.add(mark, time);
}

Again add_final(Transaction& transaction, const Reading& reading, std::uint64_t mark) {
  if (transaction.finished() && transaction.final_mark == mark) return transaction.response.add(reading.sighting.time);
  const bool better = !transaction.finished() || (transaction.status >= 300 && reading.is_success());
  if (!better) {
    const Again again = transaction.other_final_last.add(mark, reading.sighting.time);
    if (again == Again::first && transaction.finals < 0xffff) ++transaction.finals;
    return again;
  }
  if (transaction.finals < 0xffff) ++transaction.finals;
  transaction.status = reading.status;
  transaction.final_mark = mark;
  transaction.answered = reading.sighting.time;
  transaction.response_frame = reading.sighting.frame;
  transaction.responder = reading.sighting.source;
  transaction.answered_to = reading.sighting.destination;
  transaction.response = {};
  return transaction.response.add(reading.sighting.time);
}

}  // namespace

TransactionList::Outcome TransactionList::add_response(const Reading& reading, Party from) {
  Transaction* known = find(reading, reading.method, from, false);
  if (known == nullptr) {
    known = find(reading, reading.method, from, true);
    if (known != nullptr) known->branch_matched = false;
  }
  if (known == nullptr) known = &append(reading, from);
  const std::uint64_t mark = mix(hash_of(reading.to_tag), reading.status);
  if (reading.is_final()) return {known, add_final(*known, reading, mark)};
  const sip::Header* const rseq = reading.message.find(sip::HeaderId::rseq);
  const Bytes number = rseq == nullptr ? Bytes() : reading.message.text(rseq->value());
  return {known, add_provisional(*known, reading, mix(mark, hash_of(number)))};
}

void TransactionList::shrink(Time now, std::size_t most) {
  std::erase_if(items_, [now](const Transaction& t) {
    return t.request.count == 0 && t.response.count == 0 && t.branch_matched && !t.unanswered(now);
  });
  if (items_.size() > most) items_.resize(most);
  items_.shrink_to_fit();
}

std::size_t TransactionList::footprint() const {
  std::size_t octets = items_.capacity() * sizeof(Transaction);
  for (const Transaction& t : items_)
    octets += (t.request.intervals.capacity() + t.response.intervals.capacity() + t.ack.intervals.capacity()) *
              sizeof(std::uint32_t);
  return octets;
}

}  // namespace viaduct::call
