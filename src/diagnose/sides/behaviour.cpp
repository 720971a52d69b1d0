// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/behaviour.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::diagnose::sides {
namespace {

using Id = sip::HeaderId;

/// Headers that have one meaning wherever they are changed.
struct HeaderRow {
  Id header;
  Bytes behaviour;
};
constexpr std::array kHeaders = {
    HeaderRow{Id::from, "A07"},          HeaderRow{Id::to, "A07"},           HeaderRow{Id::call_id, "A10"},
    HeaderRow{Id::route, "A12"},         HeaderRow{Id::record_route, "A12"}, HeaderRow{Id::path, "A12"},
    HeaderRow{Id::service_route, "A12"}, HeaderRow{Id::max_forwards, "A03"}, HeaderRow{Id::expires, "A17"},
};

[[nodiscard]] Bytes of_via(const FieldChange& change, const ChangeContext& context) {
  const bool line = change.field.part == Part::whole;
  if (line && (change.before.length == 0 || change.after.length == 0)) return "A03";
  if (change.field.part == Part::parameter &&
      (base::iequals(change.field.name, "rport") || base::iequals(change.field.name, "received")))
    return "A04";
  if (change.field.part == Part::sent_by && context.outbound && context.request) return "A06";
  return {};
}

[[nodiscard]] Bytes of_contact(const FieldChange& change, const ChangeContext& context) {
  if (change.field.part == Part::parameter && base::iequals(change.field.name, "expires")) return "A17";
  if (change.field.part == Part::whole && change.after.length == 0) return "A16";
  if (!context.outbound) return {};
  if (is_false(context.truth)) return context.had_port ? "A01" : "A02";
  return change.field.part == Part::host || change.field.part == Part::port ? "A06" : Bytes();
}

[[nodiscard]] Bytes of_header(const FieldChange& change, const ChangeContext& context) {
  if (change.moved || change.field.part == Part::name) return "A03";
  if (change.field.header == Id::content_length) {
    if (change.field.part == Part::blanks) return "B06";
    return context.length_right ? Bytes() : "B05";
  }
  if (change.field.header == Id::via) return of_via(change, context);
  if (change.field.header == Id::contact) return of_contact(change, context);
  for (const HeaderRow& row : kHeaders)
    if (row.header == change.field.header) return row.behaviour;
  return {};
}

[[nodiscard]] Bytes of_sdp(const FieldChange& change, const ChangeContext& context) {
  const Field& field = change.field;
  if (field.line == 'i') return "B08";
  if (field.line == 'b') return "B07";
  if (field.line == 'o') return context.follows_connection ? Bytes() : "B03";
  if (field.is_attribute(sdp::AttributeId::candidate)) return change.after.length == 0 ? "B10" : "B11";
  if (field.is_attribute(sdp::AttributeId::rtcp)) return is_false(context.truth) ? "B14" : Bytes();
  if (field.line != 'c' && field.line != 'm') return {};
  if (context.literal && !context.was_inner) return "B02";
  if (!is_false(context.truth)) return {};
  return context.rounded ? "B14" : "B01";
}

}  // namespace

Bytes behaviour_of(const FieldChange& change, const ChangeContext& context) {
  switch (change.field.place) {
    case Place::start_line:
      return context.outbound && context.request && change.field.part != Part::glue ? "A08" : "";
    case Place::header:
      return of_header(change, context);
    case Place::sdp:
      return of_sdp(change, context);
    case Place::body:
      return "A22";
    case Place::empty_line:
    case Place::message:
      break;
  }
  return {};
}

Bytes behaviour_of_left(const Field& field, const Translated& translated) {
  if (field.place == Place::sdp) {
    // Host candidates are private, and o= sends nothing anywhere: they tell only of an SDP that was edited.
    if (!translated.sdp) return field.is_sdp('c') && translated.contact ? "A13" : "";
    if (field.line == 'o') return "B03";
    if (field.is_attribute(sdp::AttributeId::candidate)) return "B09";
    if (field.is_attribute(sdp::AttributeId::rtcp)) return "B14";
    // A c= of the session is that of the first m= line.
    return translated.fax != 0 && std::max<std::uint8_t>(field.media, 1) == translated.fax ? "B17" : "B16";
  }
  if (field.place != Place::header) return {};
  switch (field.header) {
    case Id::via:
      // That of the sender itself may stay: the answer goes where the request came from (RFC 3581).
      return field.lower ? "A15" : "";
    case Id::route:
    case Id::record_route:
    case Id::path:
      return "A13";
    case Id::service_route:
      return "A15";
    case Id::contact:
      return translated.contact ? "A16" : "A13";
    case Id::refer_to:
    case Id::referred_by:
    case Id::reply_to:
    case Id::diversion:
    case Id::history_info:
      return "A14";
    default:
      return {};
  }
}

}  // namespace viaduct::diagnose::sides
