// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/session.hpp"

#include "base/text.hpp"
#include "sdp/address_reader.hpp"
#include "sdp/attribute_table.hpp"
#include "sdp/line_ends.hpp"
#include "sdp/value.hpp"

#include <new>

namespace viaduct::sdp {

/// One pass over the body. Writes into a Session that the caller owns, so that its kilobytes are never copied. `inline`
/// on its functions is for speed: they have one caller each.
class Parser {
 public:
  Parser(base::Bytes buffer, base::Range body, Session& session)
      : data_(buffer.data()), end_(body.end()), session_(session), level_(&session) {
    session.buffer = buffer;
    session.body = body;
    session.section = {body.offset, 0};
  }

  /// False: see error().
  bool run() {
    const char* const data = data_;  // a member would be loaded again after each store of an octet
    const char* const end = data + end_;
    LineEnds ends(data + session_.body.offset, end);
    for (const char* at = data + session_.body.offset; at < end;) {
      const LineEnds::Stop stop = ends.from(at);
      if (!line(static_cast<std::size_t>(at - data), static_cast<std::size_t>(stop.line_end - data))) return false;
      at = stop.next;
    }
    level_->section.length = end_ - level_->section.offset;
    return seen_ || fail(Problem::empty_body, session_.body.offset);
  }

  [[nodiscard]] base::Error<Problem> error() const { return error_; }

 private:
  [[gnu::cold, gnu::noinline]] bool fail(Problem problem, std::size_t offset) {
    error_ = {problem, static_cast<std::uint32_t>(offset)};
    return false;
  }
  [[nodiscard]] base::Bytes text(base::Range range) const { return range.of(session_.buffer); }

  // As wide as a register: g++ 12 spills 32-bit positions narrow and loads them wide, a stall on every line.
  bool line(std::size_t first, std::size_t last);
  bool untyped_line(std::size_t first, std::size_t last);
  void origin(base::Range line);
  void surplus_words(Words later);
  void connection(base::Range line);
  bool media(base::Range line);
  bool port(Media& media, base::Range text);
  void attribute(base::Range line);
  void media_attribute(const Attribute& attribute);
  void rtcp(const Attribute& attribute);

  const char* data_;
  std::uint32_t end_;
  bool seen_ = false;
  base::Error<Problem> error_;
  Session& session_;
  Section* level_;          ///< the session, or the media description that is being read
  Media* media_ = nullptr;  ///< that media description
};

namespace {

void take_first(base::Range& range, base::Range value) {
  if (!range.present()) range = value;
}

using TraitTable = std::array<Traits, static_cast<std::size_t>(AttributeId::last)>;

constexpr TraitTable make_traits() {
  constexpr struct {
    AttributeId id;
    Trait trait;
  } kPairs[] = {
      {AttributeId::bundle_only, Trait::bundle_only},
      {AttributeId::candidate, Trait::candidate},
      {AttributeId::crypto, Trait::crypto},
      {AttributeId::end_of_candidates, Trait::end_of_candidates},
      {AttributeId::fingerprint, Trait::fingerprint},
      {AttributeId::group, Trait::group},
      {AttributeId::ice_lite, Trait::ice_lite},
      {AttributeId::ice_mismatch, Trait::ice_mismatch},
      {AttributeId::ice_options, Trait::ice_options},
      {AttributeId::ice_pwd, Trait::ice_pwd},
      {AttributeId::ice_ufrag, Trait::ice_ufrag},
      {AttributeId::mid, Trait::mid},
      {AttributeId::path, Trait::path},
      {AttributeId::remote_candidates, Trait::remote_candidates},
      {AttributeId::rtcp, Trait::rtcp},
      {AttributeId::rtcp_mux, Trait::rtcp_mux},
      {AttributeId::rtcp_mux_only, Trait::rtcp_mux_only},
      {AttributeId::setup, Trait::setup},
  };
  TraitTable table{};
  for (const auto& pair : kPairs) table[static_cast<std::size_t>(pair.id)].add(pair.trait);
  return table;
}
constexpr TraitTable kTraitsOf = make_traits();

/// Most lines are these two, and nothing in them decides anything here.
bool is_codec(base::Bytes line) {
  return base::starts_with(line, "a=rtpmap:") || base::starts_with(line, "a=fmtp:");
}

bool names_trickle(base::Bytes buffer, base::Range options) {
  Words words(buffer, options);
  for (base::Range word = words.next(); word.present(); word = words.next())
    if (word.of(buffer) == "trickle") return true;
  return false;
}

}  // namespace

inline bool Parser::line(std::size_t first, std::size_t last) {
  if (last - first < 2 || data_[first + 1] != '=') return untyped_line(first, last);
  if (!seen_ && !base::kAlpha.contains(data_[first])) return fail(Problem::not_sdp, first);
  seen_ = true;
  const base::Range whole = base::between(first, last);
  const base::Range value = base::between(first + 2, last);
  switch (data_[first]) {
    case 'a':
      attribute(whole);
      break;
    case 'm':
      return media(whole);
    case 'c':
      connection(whole);
      break;
    case 'o':
      if (!session_.origin.present()) origin(whole);
      break;
    case 'v':
      take_first(session_.version, value);
      break;
    case 's':
      take_first(session_.name, value);
      break;
    case 'i':
      take_first(level_->title, value);
      break;
    default:
      break;  // kept by being left where it is
  }
  return true;
}

[[gnu::cold]] bool Parser::untyped_line(std::size_t first, std::size_t last) {
  return seen_ || first == last || fail(Problem::not_sdp, first);
}

/// origin-field = %s"o" "=" username SP sess-id SP sess-version SP nettype SP addrtype SP unicast-address
inline void Parser::origin(base::Range line) {
  Origin& origin = session_.origin;
  origin.line = line;
  Words words(session_.buffer, base::between(line.offset + 2, line.end()));
  words.next_three(origin.username, origin.id, origin.version);
  const Words behind_version = words;
  read_address_field(session_.buffer, words, origin.where);
  if (words.rest().present()) surplus_words(behind_version);
  if (origin.where.address.present()) return;
  origin = Origin{};  // not six words: only the line is known
  origin.line = line;
  origin.where.kind = AddressKind::other;
}

/// Some phones put a display name with blanks into username: then the last five words are what they should be.
[[gnu::cold]] void Parser::surplus_words(Words later) {
  Origin& origin = session_.origin;
  // `trail` is five words behind `later`.
  Words trail(session_.buffer, base::between(origin.line.offset + 2, origin.line.end()));
  for (int i = 0; i < 3; ++i) static_cast<void>(later.next());
  base::Range last_of_name = trail.next();
  while (later.next().present()) last_of_name = trail.next();
  origin.username = base::between(origin.username.offset, last_of_name.end());
  origin.id = trail.next();
  origin.version = trail.next();
  read_address_field(session_.buffer, trail, origin.where);
}

inline void Parser::connection(base::Range line) {
  ++level_->connection_count;
  if (!level_->connection.present()) read_connection(session_.buffer, line, level_->connection);
}

/// media-field = %s"m" "=" media SP port ["/" integer] SP proto 1*(SP fmt) CRLF
inline bool Parser::media(base::Range line) {
  level_->section.length = line.offset - level_->section.offset;
  if (session_.media_count_ == kMaxMedia) return fail(Problem::too_many_media, line.offset);
  media_ = new (&session_.room_.media[session_.media_count_]) Media();
  ++session_.media_count_;
  level_ = media_;
  Media& m = *media_;
  m.section = {line.offset, 0};
  m.line = line;
  m.direction = session_.direction;
  m.setup = session_.setup;
  Words words(session_.buffer, base::between(line.offset + 2, line.end()));
  base::Range port_field;
  words.next_three(m.type, port_field, m.protocol);
  m.formats = words.rest();
  return m.protocol.present() ? port(m, port_field) : fail(Problem::bad_media_line, line.offset);
}

inline bool Parser::port(Media& media, base::Range field) {
  const char* const first = data_ + field.offset;
  const char* const end = data_ + field.end();
  const char* const slash = find_octet<'/'>(first, end, end);
  const base::Bytes digits(first, slash);
  media.port_text = {field.offset, static_cast<std::uint32_t>(digits.size())};
  const std::optional<std::uint16_t> number = base::parse_decimal<std::uint16_t>(digits);
  if (!number) return fail(Problem::bad_port, field.offset);
  media.port = *number;
  if (slash == end) return true;
  const std::optional<std::uint16_t> count = base::parse_decimal<std::uint16_t>({slash + 1, end});
  if (!count || *count == 0 || *number + *count - 1 > 65535)
    return fail(Problem::bad_port_count, media.port_text.end() + 1);
  media.port_count = *count;
  return true;
}

inline void Parser::attribute(base::Range line) {
  take_first(level_->attributes, line);
  level_->attributes.length = line.end() - level_->attributes.offset;
  if (is_codec(text(line))) return;
  const Attribute a = take_apart(session_.buffer, line);
  level_->traits = level_->traits | kTraitsOf[static_cast<std::size_t>(a.id)];
  switch (a.id) {
    case AttributeId::sendrecv:
      level_->direction = Direction::sendrecv;
      break;
    case AttributeId::sendonly:
      level_->direction = Direction::sendonly;
      break;
    case AttributeId::recvonly:
      level_->direction = Direction::recvonly;
      break;
    case AttributeId::inactive:
      level_->direction = Direction::inactive;
      break;
    case AttributeId::setup:
      level_->setup = parse_setup(text(a.value));
      break;
    case AttributeId::fingerprint:
      take_first(level_->fingerprint, a.value);
      break;
    case AttributeId::ice_options:
      if (names_trickle(session_.buffer, a.value)) level_->traits.add(Trait::trickle);
      break;
    default:
      if (media_ != nullptr) media_attribute(a);
  }
}

void Parser::media_attribute(const Attribute& attribute) {
  switch (attribute.id) {
    case AttributeId::rtcp:
      if (!media_->rtcp.present()) rtcp(attribute);
      break;
    case AttributeId::mid:
      take_first(media_->mid, attribute.value);
      break;
    case AttributeId::path:
      take_first(media_->path, attribute.value);
      break;
    case AttributeId::crypto:
      take_first(media_->crypto, attribute.value);
      break;
    default:
      break;
  }
}

void Parser::rtcp(const Attribute& attribute) {
  Result<Rtcp> rtcp = parse_rtcp(session_.buffer, attribute.value);
  if (!rtcp) return;
  media_->rtcp = *rtcp;
  media_->rtcp.line = attribute.line;
}

Result<Session> parse(base::Bytes buffer, base::Range body) {
  Result<Session> result;  // the one object that is returned: kilobytes, made in the caller's room
  if (!body.present() || body.offset > buffer.size() || body.length > buffer.size() - body.offset) {
    result = base::fail(Problem::out_of_buffer, buffer.size());
    return result;
  }
  Parser parser(buffer, body, *result);
  if (!parser.run()) result = std::unexpected(parser.error());
  return result;
}

std::optional<std::uint64_t> Session::origin_id() const {
  return base::parse_decimal<std::uint64_t>(text(origin.id));
}

std::optional<std::uint64_t> Session::origin_version() const {
  return base::parse_decimal<std::uint64_t>(text(origin.version));
}

}  // namespace viaduct::sdp
