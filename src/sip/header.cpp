// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/header.hpp"

#include "sip/header_table.hpp"

namespace viaduct::sip {

HeaderId header_id(Bytes name) {
  return table::find(name);
}

Bytes header_name(HeaderId id) {
  return id < HeaderId::last ? table::kNames[static_cast<std::size_t>(id)] : Bytes();
}

}  // namespace viaduct::sip
