// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"
#include "sip/check.hpp"
#include "sip/fields.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/scan.hpp"
#include "sip/values.hpp"

#include <algorithm>
#include <array>

/// One function per kind of value; kChecks at the end says which header is of which kind.
namespace viaduct::sip {
namespace {

// gen-value = token / host / quoted-string; phones and servers put more into it that has one reading only.
constexpr base::CharSet kParameterValue = kToken | base::CharSet("[]:/@=&$#(){}?\\^|");

/// Whether a quoted string ends at its closing quote and nowhere else.
bool is_quoted(Bytes text) {
  const std::uint32_t end = static_cast<std::uint32_t>(text.size());
  return !text.empty() && text[0] == '"' && scan::closing_quote(text, 0, end) == end - 1;
}

void check_parameter(Bytes buffer, const Parameter& parameter, ProblemList& list) {
  if (parameter.name.length == 0 ||
      skip_token(buffer, parameter.name.offset, parameter.name.end()) != parameter.name.end()) {
    list.add(Problem::bad_parameter, parameter.whole.offset);
    return;
  }
  if (!parameter.value.present()) return;
  const Bytes value = parameter.value.of(buffer);
  if (value.empty()) {
    list.add(Problem::bad_parameter, parameter.value.offset);
  } else if (value[0] == '"') {
    if (!is_quoted(value)) list.add(Problem::unbalanced_quote, parameter.value.offset);
  } else {
    // RFC 3261 takes a host or token; octets of UTF-8 have one reading, too.
    const std::size_t bad = static_cast<std::size_t>(
        std::find_if(value.begin(), value.end(),
                     [](char c) { return !kParameterValue.contains(c) && static_cast<unsigned char>(c) < 0x80; }) -
        value.begin());
    if (bad != value.size()) list.add(Problem::bad_parameter, parameter.value.offset + bad);
  }
}

/// What may follow a quoted parameter value before the next ';' is LWS.
void check_behind_quote(Bytes buffer, const Parameter& parameter, std::uint32_t end, ProblemList& list) {
  const std::uint32_t next = skip_lws(buffer, parameter.whole.end(), end);
  if (next < end && buffer[next] != ';') list.add(Problem::trailing_octets, next);
}

/// The names of a parameter list as far as they differ. Each new one is compared with all before it, so there is an end
/// to them: a datagram has room for twenty thousand.
class Names {
 public:
  enum class Kind : std::uint8_t { fresh, known, no_room };

  Kind add(Bytes name) {
    const auto end = names_.begin() + count_;
    if (std::any_of(names_.begin(), end, [name](Bytes other) { return base::iequals(name, other); }))
      return Kind::known;
    if (count_ == names_.size()) return Kind::no_room;
    names_[count_++] = name;
    return Kind::fresh;
  }

 private:
  std::array<Bytes, 64> names_;
  std::size_t count_ = 0;
};

using Checker = void (*)(const Message& message, const Header& header, ProblemList& list);

/// Adds the error of a field function, if it has one, and gives whether it had none.
template <class T>
bool add_error(const Result<T>& result, ProblemList& list) {
  if (!result) list.add(result.error().code, result.error().offset);
  return result.has_value();
}

/// display-name = *(token LWS) / quoted-string
void check_display_name(Bytes buffer, const NameAddr& value, ProblemList& list) {
  if (!value.display_name.present()) return;
  const Bytes name = value.display_name.of(buffer);
  if (name[0] == '"') {
    if (!is_quoted(name)) list.add(Problem::bad_display_name, value.display_name.offset);
    return;
  }
  for (std::uint32_t at = value.display_name.offset; at < value.display_name.end(); ++at) {
    const char c = buffer[at];
    if (kToken.contains(c) || is_lws(c)) continue;
    list.add(Problem::bad_display_name, at);
    return;
  }
  if (buffer[value.display_name.end()] == '<') list.add(Problem::no_space_before_bracket, value.display_name.end());
}

void check_name_addr(Bytes buffer, Range range, ProblemList& list) {
  const Result<NameAddr> value = parse_name_addr(buffer, range);
  if (!add_error(value, list)) return;
  check_display_name(buffer, *value, list);
  check_parameters(buffer, value->parameters, list);
  if (value->star) return;
  check_uri(buffer, value->uri, list);
  if (value->bracketed) return;
  // ";" and "," have ended it before; "?" shows that they were meant to be its own (RFC 3261 20.10).
  const std::uint32_t question = scan::find<'?'>(buffer, value->uri.whole.offset, value->uri.whole.end());
  if (question != value->uri.whole.end()) list.add(Problem::needs_brackets, question);
}

void single_name_addr(const Message& message, const Header& header, ProblemList& list) {
  check_name_addr(message.bytes(), header.value(), list);
}

/// Calls `each` for the values of a list header; `required`: at least one.
template <class Each>
void for_values(const Message& message, const Header& header, bool required, ProblemList& list, Each each) {
  if (header.value_length == 0 && required) list.add(Problem::empty_value, header.value_offset);
  ValueCursor cursor(message.bytes(), header.value());
  while (const std::optional<Range> value = cursor.next()) {
    if (value->length == 0)
      list.add(Problem::empty_value, value->offset);
    else
      each(*value);
  }
}

void name_addr_list(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, true, list, [&](Range value) { check_name_addr(message.bytes(), value, list); });
}

void check_via(Bytes buffer, Range range, ProblemList& list) {
  const Result<Via> via = parse_via(buffer, range);
  if (!add_error(via, list)) return;
  check_parameters(buffer, via->parameters, list);
  if (!via->literal.present()) {
    Uri sent_by;
    sent_by.scheme = Scheme::sip;
    sent_by.host = via->host;
    check_uri(buffer, sent_by, list);
  } else if (via->host.of(buffer).find(":::") != Bytes::npos) {
    list.add(Problem::triple_colon, via->host.offset);
  }
  // A branch that is the magic cookie alone tells no transaction from another (RFC 4475 3.2.1).
  if (base::iequals(via->branch.of(buffer), "z9hG4bK")) list.add(Problem::bad_branch, via->branch.offset);
  if (via->received.present() && !via->received_address.present())
    list.add(Problem::odd_received, via->received.offset);
  else if (via->received.of(buffer).starts_with('['))
    list.add(Problem::bracketed_received, via->received.offset);
  if (via->rport.present() && !base::parse_decimal<std::uint16_t>(via->rport.of(buffer)))
    list.add(Problem::bad_port, via->rport.offset);
  if (via->ttl.present() && !base::parse_decimal<std::uint8_t>(via->ttl.of(buffer)))
    list.add(Problem::bad_number, via->ttl.offset);
}

void via_list(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, true, list, [&](Range value) { check_via(message.bytes(), value, list); });
}

/// option-tag, Method, event-type and the like
void check_token(Bytes buffer, Range value, Problem problem, ProblemList& list) {
  const std::uint32_t bad = skip_token(buffer, value.offset, value.end());
  if (bad != value.end()) list.add(problem, bad);
}

void option_tags(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, false, list,
             [&](Range value) { check_token(message.bytes(), value, Problem::bad_token, list); });
}

void required_option_tags(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, true, list,
             [&](Range value) { check_token(message.bytes(), value, Problem::bad_token, list); });
}

void methods(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, false, list,
             [&](Range value) { check_token(message.bytes(), value, Problem::bad_method, list); });
}

void check_media_type(Bytes buffer, Range value, ProblemList& list) {
  const Result<MediaType> type = parse_media_type(buffer, value);
  if (add_error(type, list)) check_parameters(buffer, type->parameters, list);
}

void single_media_type(const Message& message, const Header& header, ProblemList& list) {
  check_media_type(message.bytes(), header.value(), list);
}

void media_types(const Message& message, const Header& header, ProblemList& list) {
  for_values(message, header, false, list, [&](Range value) { check_media_type(message.bytes(), value, list); });
}

/// CSeq, of this header even if it is not the first.
void sequence(const Message& message, const Header& header, ProblemList& list) {
  if (&header == message.find(HeaderId::cseq)) add_error(cseq(message), list);
}

/// callid = word [ "@" word ]
void call_id_value(const Message& message, const Header& header, ProblemList& list) {
  const Bytes buffer = message.bytes();
  const std::uint32_t end = header.value().end();
  const std::uint32_t word = skip_set(buffer, header.value_offset, end, kWord);
  if (word == header.value_offset || (word < end && buffer[word] != '@'))
    list.add(Problem::bad_call_id, word);
  else if (word < end && (word + 1 == end || skip_set(buffer, word + 1, end, kWord) != end))
    list.add(Problem::bad_call_id, skip_set(buffer, word + 1, end, kWord));
}

void content_length_value(const Message& message, const Header& header, ProblemList& list) {
  const Bytes digits = header.value().of(message.bytes());
  if (digits.empty() || digits.find_first_not_of("0123456789") != Bytes::npos)
    list.add(Problem::bad_content_length, header.value_offset);
}

void max_forwards_value(const Message& message, const Header& header, ProblemList& list) {
  if (!base::parse_decimal<std::uint8_t>(header.value().of(message.bytes())))
    list.add(Problem::bad_number, header.value_offset);
}

/// delta-seconds, then parameters (Session-Expires, Min-SE) or nothing (Expires, Min-Expires). A number beyond 2**32-1
/// counts as that (RFC 3261 20.19).
void seconds(const Message& message, const Header& header, ProblemList& list) {
  const Bytes buffer = message.bytes();
  const std::uint32_t end = header.value().end();
  const std::uint32_t digits = skip_set(buffer, header.value_offset, end, base::kDigits);
  const std::uint32_t next = skip_lws(buffer, digits, end);
  const bool takes_parameters = header.id == HeaderId::session_expires || header.id == HeaderId::min_se;
  if (digits == header.value_offset)
    list.add(Problem::bad_number, header.value_offset);
  else if (next < end && !(takes_parameters && buffer[next] == ';'))
    list.add(Problem::trailing_octets, next);
  else if (next < end)
    check_parameters(buffer, span_of(next, end), list);
}

/// Digest parameters are name=value pairs (RFC 3261 25.1); other schemes may carry one opaque token instead.
void credentials(const Message& message, const Header& header, ProblemList& list) {
  const Bytes buffer = message.bytes();
  const Result<Credentials> value = parse_credentials(buffer, header.value());
  if (!add_error(value, list) || !value->digest) return;
  AuthParameterCursor cursor(buffer, value->parameters);
  while (const std::optional<Parameter> parameter = cursor.next()) {
    const Bytes text = parameter->value.of(buffer);
    if (parameter->name.length == 0 || !parameter->value.present())
      list.add(Problem::bad_credentials, parameter->whole.offset);
    else if (text.starts_with('"') && !is_quoted(text))
      list.add(Problem::unbalanced_quote, parameter->value.offset);
  }
}

void dialog_reference(const Message& message, const Header& header, ProblemList& list) {
  const Result<DialogReference> value = parse_dialog_reference(message.bytes(), header.value());
  if (add_error(value, list)) check_parameters(message.bytes(), value->parameters, list);
}

/// SIP-date = wkday "," SP date1 SP time SP "GMT": Sat, 13 Nov 2010 23:29:00 GMT (RFC 3261 20.17)
void date(const Message& message, const Header& header, ProblemList& list) {
  const Bytes text = header.value().of(message.bytes());
  const auto shaped = [text](Bytes shape) {
    bool good = text.size() == shape.size();
    for (std::size_t i = 0; good && i < shape.size(); ++i)
      good = shape[i] == 'a'   ? base::kAlpha.contains(text[i])
             : shape[i] == '0' ? base::kDigits.contains(text[i])
                               : text[i] == shape[i];
    return good;
  };
  if (shaped("aaa, 00 aaa 0000 00:00:00 GMT")) return;
  list.add(shaped("aaa, 0 aaa 0000 00:00:00 GMT") ? Problem::odd_date : Problem::bad_date, header.value_offset);
}

struct Check {
  HeaderId id;
  Checker checker;
};
constexpr Check kChecks[] = {
    {HeaderId::accept, media_types},
    {HeaderId::allow, methods},
    {HeaderId::authorization, credentials},
    {HeaderId::call_id, call_id_value},
    {HeaderId::contact, name_addr_list},
    {HeaderId::content_length, content_length_value},
    {HeaderId::content_type, single_media_type},
    {HeaderId::cseq, sequence},
    {HeaderId::date, date},
    {HeaderId::diversion, name_addr_list},
    {HeaderId::expires, seconds},
    {HeaderId::from, single_name_addr},
    {HeaderId::history_info, name_addr_list},
    {HeaderId::join, dialog_reference},
    {HeaderId::max_forwards, max_forwards_value},
    {HeaderId::min_expires, seconds},
    {HeaderId::min_se, seconds},
    {HeaderId::p_asserted_identity, name_addr_list},
    {HeaderId::p_associated_uri, name_addr_list},
    {HeaderId::p_preferred_identity, name_addr_list},
    {HeaderId::path, name_addr_list},
    {HeaderId::proxy_authenticate, credentials},
    {HeaderId::proxy_authorization, credentials},
    {HeaderId::proxy_require, required_option_tags},
    {HeaderId::record_route, name_addr_list},
    {HeaderId::refer_to, single_name_addr},
    {HeaderId::referred_by, single_name_addr},
    {HeaderId::replaces, dialog_reference},
    {HeaderId::reply_to, single_name_addr},
    {HeaderId::require, required_option_tags},
    {HeaderId::route, name_addr_list},
    {HeaderId::service_route, name_addr_list},
    {HeaderId::session_expires, seconds},
    {HeaderId::supported, option_tags},
    {HeaderId::target_dialog, dialog_reference},
    {HeaderId::to, single_name_addr},
    {HeaderId::unsupported, option_tags},
    {HeaderId::via, via_list},
    {HeaderId::www_authenticate, credentials},
};
constexpr std::array<Checker, kHeaderIds> kCheckerOf = [] {
  std::array<Checker, kHeaderIds> checkers{};
  for (const Check& check : kChecks) checkers[static_cast<std::size_t>(check.id)] = check.checker;
  return checkers;
}();

/// A header holds HTAB, printable octets and UTF-8, the line ends of its folds, and behind a backslash anything but a
/// line end (RFC 3261 25.1 TEXT-UTF8char, quoted-pair).
void check_octets(const Message& message, const Header& header, ProblemList& list) {
  for (std::uint32_t at = header.value_offset; at < header.value().end(); ++at) {
    const unsigned char c = static_cast<unsigned char>(message.bytes()[at]);
    const bool escaped = at > header.value_offset && message.bytes()[at - 1] == '\\';
    if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\r' || c == '\n' || escaped) continue;
    list.add(Problem::control_octet, at);
    return;
  }
}

}  // namespace

void check_parameters(Bytes buffer, Range parameters, ProblemList& list) {
  Names names;
  bool complete = true;
  ParameterCursor cursor(buffer, parameters);
  while (const std::optional<Parameter> parameter = cursor.next()) {
    check_parameter(buffer, *parameter, list);
    if (parameter->value.of(buffer).starts_with('"')) check_behind_quote(buffer, *parameter, parameters.end(), list);
    if (parameter->name.length == 0) continue;
    const Names::Kind kind = names.add(parameter->name.of(buffer));
    if (kind == Names::Kind::known) list.add(Problem::duplicate_parameter, parameter->name.offset);
    if (kind == Names::Kind::no_room && complete) list.add(Problem::too_many_parameters, parameter->name.offset);
    complete = complete && kind != Names::Kind::no_room;
  }
}

void check_header(const Message& message, const Header& header, ProblemList& list) {
  check_octets(message, header, list);
  if (const Checker checker = kCheckerOf[static_cast<std::size_t>(header.id)]; checker != nullptr)
    checker(message, header, list);
}

}  // namespace viaduct::sip
