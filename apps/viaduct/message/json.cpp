// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"
#include "base/place.hpp"
#include "base/text.hpp"
#include "message/report.hpp"
#include "sip/fields.hpp"

#include <nlohmann/json.hpp>

namespace viaduct::message {
namespace {

using Json = nlohmann::ordered_json;
using base::to_utf8;

[[nodiscard]] Json json_of(const Facts& facts) {
  Json object = Json::object();
  for (const Fact& fact : facts) {
    if (const std::string* text = std::get_if<std::string>(&fact.value))
      object[std::string(fact.name)] = to_utf8(*text);
    else if (const std::uint64_t* number = std::get_if<std::uint64_t>(&fact.value))
      object[std::string(fact.name)] = *number;
    else
      object[std::string(fact.name)] = true;
  }
  return object;
}

void add_range(Json& object, base::Range range) {
  object["offset"] = range.offset;
  object["length"] = range.length;
}

[[nodiscard]] Json json_of(const Reading& reading, const HeaderReading& header) {
  Json object = Json::object();
  object["name"] = to_utf8(header.header.name().of(reading.octets));
  // What kind it is, by its long name; null for headers nobody knows.
  if (header.header.id == sip::HeaderId::other)
    object["id"] = nullptr;
  else
    object["id"] = sip::header_name(header.header.id);
  add_range(object, base::between(header.header.name_offset, header.header.value().end()));
  object["value"] = to_utf8(header.header.value().of(reading.octets));
  object["values"] = Json::array();
  for (const ValueReading& value : header.values) {
    Json one = Json::object();
    add_range(one, value.range);
    if (value.failure)
      one["problem"] = sip::name(*value.failure);
    else
      one["read"] = json_of(value.facts);
    object["values"].push_back(std::move(one));
  }
  return object;
}

[[nodiscard]] Json json_of(const std::vector<AttributeReading>& attributes) {
  Json list = Json::array();
  for (const AttributeReading& attribute : attributes) {
    Json one = Json::object();
    one["name"] = attribute.name;
    add_range(one, attribute.line);
    if (attribute.failure)
      one["problem"] = sdp::name(*attribute.failure);
    else
      one["read"] = json_of(attribute.facts);
    list.push_back(std::move(one));
  }
  return list;
}

[[nodiscard]] Json json_of(const MediaReading& media) {
  Json object = Json::object();
  object["type"] = to_utf8(media.type);
  if (media.address.empty())
    object["address"] = nullptr;
  else
    object["address"] = to_utf8(media.address);
  object["port"] = media.port;
  object.update(json_of(media.facts));
  add_range(object, media.line);
  object["attributes"] = json_of(media.attributes);
  return object;
}

[[nodiscard]] Json json_of(const SdpReading& sdp) {
  Json object = Json::object();
  if (sdp.failure) {
    object["problem"] = sdp::name(*sdp.failure);
    return object;
  }
  object["origin"] = sdp.origin_line.present() ? json_of(sdp.origin) : Json();
  object["connection"] = sdp.connection_line.present() ? json_of(sdp.connection) : Json();
  object["attributes"] = json_of(sdp.attributes);
  return object;
}

[[nodiscard]] Json bodies_of(const Reading& reading) {
  Json list = Json::array();
  for (const BodyReading& body : reading.bodies) {
    const sip::BodyPart& part = body.part;
    Json one = Json::object();
    add_range(one, part.content);
    one["depth"] = part.depth;
    if (part.content_type.present()) one["type"] = to_utf8(part.content_type.of(reading.octets));
    if (part.content_disposition.present()) one["disposition"] = to_utf8(part.content_disposition.of(reading.octets));
    if (part.content_id.present()) one["id"] = to_utf8(part.content_id.of(reading.octets));
    one["closed"] = part.closed;
    if (part.bar != sip::BodyBar::none) one["must_not_be_edited"] = sip::text(part.bar);
    if (body.sdp) one["sdp"] = json_of(*body.sdp);
    list.push_back(std::move(one));
  }
  return list;
}

[[nodiscard]] Json media_of(const Reading& reading) {
  Json list = Json::array();
  for (const BodyReading& body : reading.bodies)
    if (body.sdp)
      for (const MediaReading& media : body.sdp->media) list.push_back(json_of(media));
  return list;
}

[[nodiscard]] Json problems_of(const Reading& reading) {
  Json list = Json::array();
  for (const Complaint& complaint : reading.complaints) {
    const base::Place place = base::place_of(reading.octets, complaint.where.offset);
    list.push_back({{"code", complaint.code},
                    {"offset", complaint.where.offset},
                    {"length", complaint.where.length},
                    {"line", place.line},
                    {"column", place.column},
                    {"layer", complaint.layer},
                    {"severity", complaint.tolerated ? "tolerated" : "invalid"},
                    {"text", complaint.text},
                    {"hint", complaint.hint}});
  }
  return list;
}

/// When the structure could not be read, the first octets still tell what it wanted to be.
[[nodiscard]] std::string_view kind_of(const Reading& reading) {
  if (reading.message) return reading.message->is_request() ? "request" : "response";
  const bool sip = reading.complaints.empty() || reading.complaints[0].code != sip::name(sip::Problem::not_sip);
  const base::Bytes first = base::trim(reading.octets).substr(0, 4);
  return first.empty() || !sip ? "unknown" : base::iequals(first, "SIP/") ? "response" : "request";
}

void add_message(Json& object, const sip::Message& m) {
  if (m.is_request()) {
    object["method"] = to_utf8(m.text(m.method_text()));
    object["request_uri"] = to_utf8(m.text(m.request_uri()));
  } else {
    object["status"] = m.status();
    object["reason"] = to_utf8(m.text(m.reason()));
  }
  const sip::Result<base::Range> call_id = sip::call_id(m);
  object["call_id"] = call_id ? Json(to_utf8(m.text(*call_id))) : Json();
  const sip::Result<sip::CSeq> cseq = sip::cseq(m);
  object["cseq"] = cseq ? Json(cseq->number) : Json();
  object["cseq_method"] = cseq ? Json(to_utf8(m.text(cseq->method_text))) : Json();
}

}  // namespace

nlohmann::ordered_json to_json(const Reading& reading) {
  Json object = Json::object();
  object["schema"] = 1;
  object["file"] = to_utf8(reading.file);
  object["octets"] = reading.octets.size();
  object["valid"] = reading.valid;
  object["kind"] = kind_of(reading);
  if (reading.message) {
    const sip::Message& m = *reading.message;
    add_message(object, m);
    Json start = Json::object();
    add_range(start, m.start_line());
    start["read"] = json_of(reading.start_line);
    object["start_line"] = std::move(start);
    object["headers"] = Json::array();
    for (const HeaderReading& header : reading.headers) object["headers"].push_back(json_of(reading, header));
    object["bodies"] = bodies_of(reading);
  }
  object["media"] = media_of(reading);
  object["problems"] = problems_of(reading);
  object["problems_dropped"] = reading.complaints_dropped;
  return object;
}

}  // namespace viaduct::message
