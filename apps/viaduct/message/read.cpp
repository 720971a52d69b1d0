// SPDX-License-Identifier: GPL-2.0-or-later
#include "message/reading.hpp"
#include "sdp/check.hpp"
#include "sip/check.hpp"

#include <algorithm>
#include <memory>

namespace viaduct::message {
namespace {

void complain(Reading& reading, sip::Problem problem, std::uint32_t offset) {
  const bool tolerated = sip::severity(problem) == sip::Severity::tolerated;
  reading.valid = reading.valid && tolerated;
  reading.complaints.push_back(
      {"sip", sip::name(problem), std::string(sip::text(problem)), hint(problem), base::Range{offset, 0}, tolerated});
}

/// As many of SDP as a ProblemList has of SIP: to show a place costs a walk over the message.
void complain(Reading& reading, sdp::Problem problem, base::Range where) {
  const bool tolerated = sdp::severity(problem) == sdp::Severity::tolerated;
  reading.valid = reading.valid && tolerated;
  if (reading.complaints.size() >= 2 * sip::ProblemList::kCapacity) {
    ++reading.complaints_dropped;
    return;
  }
  reading.complaints.push_back(
      {"sdp", sdp::name(problem), std::string(sdp::text(problem)), hint(problem), where, tolerated});
}

void check_message(Reading& reading, const sip::Message& message) {
  const std::unique_ptr<sip::ProblemList> problems = std::make_unique<sip::ProblemList>();
  sip::check(message, *problems);
  for (const sip::Error& problem : problems->items()) complain(reading, problem.code, problem.offset);
  reading.complaints_dropped = problems->dropped();
  reading.valid = reading.valid && problems->valid();
}

/// check() reports one missing_header for each; people want to know which.
void name_missing_headers(Reading& reading, const sip::Message& message) {
  constexpr sip::HeaderId required[] = {sip::HeaderId::to, sip::HeaderId::from, sip::HeaderId::call_id,
                                        sip::HeaderId::cseq, sip::HeaderId::via};
  std::vector<base::Bytes> names;
  for (sip::HeaderId id : required)
    if (message.find(id) == nullptr) names.push_back(sip::header_name(id));
  std::size_t next = 0;
  for (Complaint& complaint : reading.complaints)
    if (complaint.code == sip::name(sip::Problem::missing_header) && next < names.size())
      complaint.text = "the header " + std::string(names[next++]) + " is missing";
}

void read_bodies(Reading& reading, const sip::Message& message) {
  sip::BodyParts parts(message);
  while (std::optional<sip::BodyPart> part = parts.next()) {
    BodyReading body{*part, std::nullopt};
    // Encoded octets are no SDP yet, whatever the type says.
    const bool plain = part->bar != sip::BodyBar::content_encoding && part->bar != sip::BodyBar::transfer_encoding &&
                       part->bar != sip::BodyBar::smime_encrypted;
    if (plain && part->type.is(message.bytes(), "application", "sdp")) {
      body.sdp = read_sdp(message.bytes(), part->content);
      auto report = [&reading](const sdp::Complaint& found) { complain(reading, found.problem, found.where); };
      sdp::check(message.bytes(), part->content, sdp::sink_of(report));
    }
    reading.bodies.push_back(std::move(body));
  }
}

}  // namespace

Reading read(std::string file, base::Bytes octets) {
  Reading reading;
  reading.file = std::move(file);
  reading.octets = octets;
  reading.valid = true;
  const sip::Result<sip::Message> message = sip::parse(octets);
  if (!message) {
    complain(reading, message.error().code, message.error().offset);
    reading.valid = false;
    return reading;
  }
  reading.message = *message;
  reading.start_line = read_start_line(*message);
  for (const sip::Header& header : message->headers()) reading.headers.push_back(read_header(*message, header));
  check_message(reading, *message);
  name_missing_headers(reading, *message);
  read_bodies(reading, *message);
  std::stable_sort(reading.complaints.begin(), reading.complaints.end(),
                   [](const Complaint& a, const Complaint& b) { return a.where.offset < b.where.offset; });
  return reading;
}

}  // namespace viaduct::message
