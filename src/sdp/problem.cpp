// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/problem.hpp"

#include <array>
#include <iterator>

namespace viaduct::sdp {
namespace {

struct Row {
  Problem problem;
  Severity severity;
  base::Bytes name;
  base::Bytes text;
};

// In the order of the enum.
constexpr Row kRows[] = {
    {Problem::out_of_buffer, Severity::invalid, "out_of_buffer", "the body does not lie inside the message"},
    {Problem::empty_body, Severity::invalid, "empty_body", "the body is empty"},
    {Problem::not_sdp, Severity::invalid, "not_sdp", "the body does not begin with a line of SDP"},
    {Problem::too_many_media, Severity::invalid, "too_many_media", "more m= lines than this program reads"},
    {Problem::bad_media_line, Severity::invalid, "bad_media_line", "m= needs a type, a port, a protocol and a format"},
    {Problem::bad_port, Severity::invalid, "bad_port", "a port is a decimal number up to 65535"},
    {Problem::bad_port_count, Severity::invalid, "bad_port_count",
     "the number of ports is decimal and above 0, and the last port is at most 65535"},
    {Problem::missing_version, Severity::invalid, "missing_version", "the first line must be v="},
    {Problem::bad_version, Severity::invalid, "bad_version", "the version of SDP is 0"},
    {Problem::missing_origin, Severity::invalid, "missing_origin", "there is no o= line"},
    {Problem::bad_origin, Severity::invalid, "bad_origin",
     "o= needs a user name, two decimal numbers, IN, IP4 or IP6, and an address"},
    {Problem::missing_name, Severity::invalid, "missing_name", "there is no s= line"},
    {Problem::missing_time, Severity::invalid, "missing_time", "there is no t= line"},
    {Problem::bad_time, Severity::invalid, "bad_time", "t= needs two decimal numbers"},
    {Problem::missing_connection, Severity::invalid, "missing_connection",
     "neither the session nor this media description has a c= line"},
    {Problem::bad_connection, Severity::invalid, "bad_connection", "c= needs IN, IP4 or IP6, and an address"},
    {Problem::bad_address, Severity::invalid, "bad_address", "this is no address of the type that is named before it"},
    {Problem::bad_bandwidth, Severity::tolerated, "bad_bandwidth", "b= needs a type, a colon and a decimal number"},
    {Problem::bad_attribute, Severity::tolerated, "bad_attribute", "an attribute name is one or more token characters"},
    {Problem::bad_attribute_value, Severity::tolerated, "bad_attribute_value",
     "the value does not follow the grammar of this attribute"},
    {Problem::line_out_of_order, Severity::tolerated, "line_out_of_order", "this line must not stand here"},
    {Problem::duplicate_line, Severity::invalid, "duplicate_line", "this line may occur once only"},
    {Problem::blank_line, Severity::tolerated, "blank_line", "an empty line must not stand in the body"},
    {Problem::malformed_line, Severity::invalid, "malformed_line", "a line begins with a letter and an equals sign"},
    {Problem::unknown_line, Severity::tolerated, "unknown_line", "SDP has no line of this type"},
    {Problem::empty_value, Severity::tolerated, "empty_value", "a value must stand behind the equals sign"},
    {Problem::odd_line_end, Severity::tolerated, "odd_line_end", "a line ends in CR and LF"},
    {Problem::missing_line_end, Severity::tolerated, "missing_line_end", "the last line has no line end"},
    {Problem::nul_octet, Severity::invalid, "nul_octet", "a NUL octet must not occur"},
};
static_assert(std::size(kRows) == static_cast<std::size_t>(Problem::last));

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].problem != static_cast<Problem>(i)) return false;
  return true;
}
static_assert(in_order());

constexpr Row kNone{Problem::last, Severity::tolerated, "none", "no problem"};

const Row& row(Problem problem) {
  return problem < Problem::last ? kRows[static_cast<std::size_t>(problem)] : kNone;
}

}  // namespace

base::Bytes text(Problem problem) {
  return row(problem).text;
}

base::Bytes name(Problem problem) {
  return row(problem).name;
}

Severity severity(Problem problem) {
  return row(problem).severity;
}

}  // namespace viaduct::sdp
