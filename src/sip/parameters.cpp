// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/parameters.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/read.hpp"

namespace viaduct::sip {
std::optional<Parameter> ParameterCursor::next() {
  if (at_ >= end_) return std::nullopt;
  const std::uint32_t semicolon = at_;
  Parameter parameter = read::parameter<';'>(buffer_, semicolon + 1, end_, at_);
  parameter.whole = span_of(semicolon, parameter.whole.end());
  return parameter;
}

std::optional<Parameter> AuthParameterCursor::next() {
  if (at_ >= end_) return std::nullopt;
  const std::uint32_t begin = skip_lws(buffer_, at_, end_);
  const Parameter parameter = read::parameter<','>(buffer_, begin, end_, at_);
  if (at_ < end_) ++at_;
  return parameter;
}

std::optional<Parameter> find_parameter(Bytes buffer, Range list, Bytes name) {
  if (!list.present()) return std::nullopt;
  for (std::uint32_t at = list.offset; at < list.end();) {
    const std::uint32_t semicolon = at;
    Parameter parameter = read::parameter<';'>(buffer, semicolon + 1, list.end(), at);
    if (!base::iequals(parameter.name.of(buffer), name)) continue;
    parameter.whole = span_of(semicolon, parameter.whole.end());
    return parameter;
  }
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
