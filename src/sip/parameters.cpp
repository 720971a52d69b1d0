// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/parameters.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/scan.hpp"

namespace viaduct::sip {
namespace {

/// Reads name [ "=" value ] from `begin` to the next `Separator`; the result's whole begins at `begin`, too.
template <char Separator>
Parameter read_parameter(Bytes buffer, std::uint32_t begin, std::uint32_t end, std::uint32_t& at) {
  Parameter parameter;
  const std::uint32_t name = skip_lws(buffer, begin, end);
  at = scan::find<'=', Separator>(buffer, name, end);
  parameter.name = span_of(name, trim_end(buffer, name, at));
  std::uint32_t last = parameter.name.end();
  if (at < end && buffer[at] == '=') {
    const std::uint32_t value = skip_lws(buffer, at + 1, end);
    if (value < end && buffer[value] == '"') {
      const std::uint32_t quote = scan::closing_quote(buffer, value, end);
      last = quote < end ? quote + 1 : end;
      at = scan::find<Separator>(buffer, last, end);
    } else {
      at = scan::find<Separator>(buffer, value, end);
      last = trim_end(buffer, value, at);
    }
    parameter.value = span_of(value, last);
  }
  parameter.whole = span_of(begin, last);
  return parameter;
}

}  // namespace

std::optional<Parameter> ParameterCursor::next() {
  if (at_ >= end_) return std::nullopt;
  const std::uint32_t semicolon = at_;
  Parameter parameter = read_parameter<';'>(buffer_, semicolon + 1, end_, at_);
  parameter.whole = span_of(semicolon, parameter.whole.end());
  return parameter;
}

std::optional<Parameter> AuthParameterCursor::next() {
  if (at_ >= end_) return std::nullopt;
  const std::uint32_t begin = skip_lws(buffer_, at_, end_);
  const Parameter parameter = read_parameter<','>(buffer_, begin, end_, at_);
  if (at_ < end_) ++at_;
  return parameter;
}

std::optional<Parameter> find_parameter(Bytes buffer, Range list, Bytes name) {
  ParameterCursor cursor(buffer, list);
  while (const std::optional<Parameter> parameter = cursor.next())
    if (base::iequals(parameter->name.of(buffer), name)) return parameter;
  return std::nullopt;
}

Range parameter_value(Bytes buffer, Range list, Bytes name) {
  const std::optional<Parameter> parameter = find_parameter(buffer, list, name);
  return parameter ? without_quotes(buffer, parameter->value) : Range{};
}

Range without_quotes(Bytes buffer, Range range) {
  const Bytes text = range.of(buffer);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return range;
  return {range.offset + 1, range.length - 2};
}

}  // namespace viaduct::sip
