// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/journal.hpp"

#include "base/crc32c.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

namespace viaduct::alg {
namespace {

// One list of fields per change serves writing and reading: `archive(a, b, c)`.
template <class Archive, class T>
void fields(Archive& archive, T& c) {
  using Type = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Type, OpenAssociation>)
    archive(c.id, c.kind, c.decided.mode, c.decided.contact, c.decided.sdp, c.name, c.inner, c.platform, c.wan,
            c.opened_inside, c.at, c.expires);
  else if constexpr (std::is_same_v<Type, Renew>)
    archive(c.id, c.phase, c.expires);
  else if constexpr (std::is_same_v<Type, AddTag> || std::is_same_v<Type, DropTag>)
    archive(c.id, c.tag);
  else if constexpr (std::is_same_v<Type, UseMapping>)
    archive(c.id, c.key.inner, c.key.wan, c.outer, c.kind, c.spelling);
  else if constexpr (std::is_same_v<Type, EnterLedger>)
    archive(c.id, c.entry.field, c.entry.inner, c.entry.outer);
  else if constexpr (std::is_same_v<Type, AdmitSource>)
    archive(c.id, c.source);
  else if constexpr (std::is_same_v<Type, SetPeerMedia>)
    archive(c.id, c.peer);
  else if constexpr (std::is_same_v<Type, SetAnswered>)
    archive(c.id, c.at);
  else if constexpr (std::is_same_v<Type, CloseAssociation>)
    archive(c.id);
  else if constexpr (std::is_same_v<Type, LearnParty>)
    archive(c.party, c.aspect, c.entry.handles, c.entry.how, c.entry.at, c.entry.provisional, c.entry.witness.call,
            c.entry.witness.peer);
  else if constexpr (std::is_same_v<Type, ForgetParty>)
    archive(c.party);
  else if constexpr (std::is_same_v<Type, MoveWan>)
    archive(c.wan, c.interface, c.address, c.at);
}

template <class T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }

 private:
  template <Number T>
  void put(T value) {
    char octets[sizeof value];
    std::memcpy(octets, &value, sizeof value);
    out_.append(octets, sizeof octets);
  }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  void put(const net::Address& address) {
    put(address.family);
    out_.append(reinterpret_cast<const char*>(address.octets.data()), address.octets.size());
  }
  void put(const net::Endpoint& endpoint) { (*this)(endpoint.address, endpoint.port); }
  void put(base::Instant at) { put(at.since_boot.count()); }

  std::string& out_;
};

class Reader {
 public:
  /// `shift` is added to each moment.
  Reader(base::Duration shift, base::Bytes in) : shift_(shift), in_(in) {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool whole() const { return ok_ && in_.empty(); }

 private:
  base::Bytes take(std::size_t size) {
    ok_ = ok_ && size <= in_.size();
    if (!ok_) return {};
    const base::Bytes part = in_.substr(0, size);
    in_.remove_prefix(size);
    return part;
  }
  template <Number T>
  void get(T& value) {
    if (const base::Bytes octets = take(sizeof value); ok_) std::memcpy(&value, octets.data(), sizeof value);
  }
  void get(bool& value) {
    std::uint8_t octet = 0;
    get(octet);
    value = octet != 0;
  }
  // Enumerators come from the file: a value outside the enum ends the reading.
  template <class E>
  void get_enum(E& value, E last) {
    std::underlying_type_t<E> raw{};
    get(raw);
    ok_ = ok_ && raw <= static_cast<std::underlying_type_t<E>>(last);
    if (ok_) value = static_cast<E>(raw);
  }
  void get(AssociationKind& value) { get_enum(value, AssociationKind::transaction); }
  void get(Phase& value) { get_enum(value, Phase::ending); }
  void get(Mode& value) { get_enum(value, Mode::assist); }
  void get(Reason& value) { get_enum(value, Reason::memory_withdrawn); }
  void get(Field& value) { get_enum(value, Field::media); }
  void get(MappingKind& value) { get_enum(value, MappingKind::watched); }
  void get(Aspect& value) { get_enum(value, Aspect::sdp); }
  void get(Learnt& value) { get_enum(value, Learnt::media_stayed_away); }
  void get(net::Family& value) { get_enum(value, net::Family::ipv6); }
  void get(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    text = take(size);
  }
  void get(net::Address& address) {
    get(address.family);
    if (const base::Bytes octets = take(address.octets.size()); ok_)
      std::memcpy(address.octets.data(), octets.data(), address.octets.size());
  }
  void get(net::Endpoint& endpoint) { (*this)(endpoint.address, endpoint.port); }
  void get(base::Instant& at) {
    std::int64_t moment = 0;
    get(moment);
    // Wraps instead of overflowing: the file may hold anything.
    at.since_boot = base::Duration(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(moment) + static_cast<std::uint64_t>(shift_.count())));
  }

  base::Duration shift_;
  base::Bytes in_;
  bool ok_ = true;
};

template <std::size_t Index = 0>
bool read_change(std::size_t type, base::Duration shift, base::Bytes payload, Change& change) {
  if constexpr (Index < std::variant_size_v<Change>) {
    if (type != Index) return read_change<Index + 1>(type, shift, payload, change);
    Reader reader(shift, payload);
    std::variant_alternative_t<Index, Change> value;
    fields(reader, value);
    change = std::move(value);
    return reader.whole();
  } else {
    return false;
  }
}

std::uint32_t load32(base::Bytes bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

constexpr std::uint8_t kClockType = 255;
// No entry outlives this (kLongest in decide.cpp): past it nothing of the journal would be left, whatever it was.
constexpr std::chrono::hours kLongestAway{24};

// Writes length and checksum in front of the payload that `put` appends.
template <class Put>
void append_framed(std::string& out, std::uint8_t type, Put put) {
  const std::size_t start = out.size();
  out.append(8, '\0');
  out += static_cast<char>(type);
  Writer writer(out);
  put(writer);
  const base::Bytes payload = base::Bytes(out).substr(start + 8);
  const std::uint32_t length = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t crc = base::crc32c(payload);
  std::memcpy(out.data() + start, &length, sizeof length);
  std::memcpy(out.data() + start + 4, &crc, sizeof crc);
}

bool read_clock(base::Bytes payload, ClockReading& reading) {
  Reader reader({}, payload);
  std::int64_t wall = 0;
  reader(reading.boot, reading.at, wall);
  reading.wall = std::chrono::nanoseconds(wall);
  return reader.whole();
}

// Calls `visit(type, fields)` for each record until one does not check or `visit` says no.
template <class Visit>
std::size_t walk(base::Bytes journal, Visit visit) {
  std::size_t at = kJournalHead.size();
  while (journal.size() - at >= 9) {
    const std::size_t length = load32(journal.substr(at));
    if (length == 0 || length > journal.size() - at - 8) break;
    const base::Bytes payload = journal.substr(at + 8, length);
    if (load32(journal.substr(at + 4)) != base::crc32c(payload) ||
        !visit(static_cast<std::uint8_t>(payload[0]), payload.substr(1)))
      break;
    at += 8 + length;
  }
  return at;
}

// The newest reading says best what the wall clock was worth; it may have been set while the gateway ran.
ClockReading last_clock(base::Bytes journal) {
  ClockReading last;
  (void)walk(journal, [&last](std::uint8_t type, base::Bytes payload) {
    return type != kClockType || read_clock(payload, last);
  });
  return last;
}

std::uint64_t bits(std::chrono::nanoseconds value) {
  return static_cast<std::uint64_t>(value.count());
}

// What must be added to a moment of the journal. A router without a battery starts its clock anywhere: before the last
// moment it wrote down, or, once the network has told the time, years behind it. Then the entries get the time
// that was left to them: a stale mapping does less harm than a call cut off.
base::Duration shift_to(const ClockReading& now, const ClockReading& then, JournalClock& clock) {
  clock = JournalClock::same_boot;
  if (!now.boot.empty() && now.boot == then.boot) return {};
  const std::chrono::nanoseconds away(static_cast<std::int64_t>(bits(now.wall) - bits(then.wall)));
  clock = away.count() < 0 || away > kLongestAway ? JournalClock::unreliable : JournalClock::wall;
  const std::uint64_t passed = clock == JournalClock::wall ? bits(away) : 0;
  return base::Duration(static_cast<std::int64_t>(bits(now.at.since_boot) - bits(then.at.since_boot) - passed));
}

}  // namespace

void append_record(const Change& change, std::string& out) {
  append_framed(out, static_cast<std::uint8_t>(change.index()), [&change](Writer& writer) {
    std::visit([&writer](const auto& value) { fields(writer, value); }, change);
  });
}

void append_clock(const ClockReading& reading, std::string& out) {
  append_framed(out, kClockType,
                [&reading](Writer& writer) { writer(reading.boot, reading.at, reading.wall.count()); });
}

Replay replay_journal(base::Bytes journal, const ClockReading& now, const std::function<void(Change&)>& take) {
  Replay replay;
  replay.head_ok = journal.starts_with(kJournalHead);
  replay.other_version = !replay.head_ok && journal.starts_with(kJournalHead.substr(0, kJournalHead.find_last_of('-')));
  if (!replay.head_ok) return replay;
  const base::Duration shift = shift_to(now, last_clock(journal), replay.clock);
  bool dated = false;
  replay.good_octets = walk(journal, [&](std::uint8_t type, base::Bytes payload) {
    ClockReading reading;
    if (type == kClockType) return dated = read_clock(payload, reading);
    Change change;
    if (!dated || !read_change(type, shift, payload, change)) return false;
    take(change);
    ++replay.records;
    return true;
  });
  replay.torn = replay.good_octets != journal.size();
  return replay;
}

}  // namespace viaduct::alg
