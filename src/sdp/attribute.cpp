// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/attribute.hpp"

#include "sdp/address_reader.hpp"
#include "sdp/attribute_table.hpp"

namespace viaduct::sdp {
base::Bytes attribute_name(AttributeId id) {
  return id < AttributeId::last ? kNames[static_cast<std::size_t>(id)] : base::Bytes();
}

AttributeId attribute_id(base::Bytes name) {
  return id_of(name, name.data() + name.size());
}

Attribute split_attribute(base::Bytes buffer, base::Range line) {
  return take_apart(buffer, line);
}

std::optional<Attribute> Attributes::next() {
  while (std::optional<Line> line = lines_.next())
    if (line->type == 'a') return split_attribute(buffer_, line->whole);
  return std::nullopt;
}

std::optional<Attribute> Attributes::next(AttributeId id) {
  while (std::optional<Attribute> attribute = next())
    if (attribute->id == id) return attribute;
  return std::nullopt;
}

std::optional<Connection> Connections::next() {
  while (std::optional<Line> line = lines_.next()) {
    if (line->type != 'c') continue;
    Connection connection;
    read_connection(buffer_, line->whole, connection);
    return connection;
  }
  return std::nullopt;
}

}  // namespace viaduct::sdp
