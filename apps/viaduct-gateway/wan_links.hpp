// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/links.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::gateway {

/// One WAN interface as it is now.
struct WanLink {
  std::string name;
  std::uint32_t index = 0;  ///< 0 while the interface does not exist
  net::Address address;     ///< first usable IPv4 address; absent while there is none
  std::size_t mtu = 1500;
};

/// The WANs in the order of the configuration; their position is alg::WanId.
class WanLinks {
 public:
  /// `names` empty: the interfaces of the default routes.
  explicit WanLinks(std::vector<std::string> names) : names_(std::move(names)) {}

  /// Looks at the system again. Addresses stay the same while the kernel still lists them.
  [[nodiscard]] os::Result<void> refresh();
  [[nodiscard]] const std::vector<WanLink>& links() const { return links_; }
  [[nodiscard]] std::vector<std::string> names() const;
  /// Position of the WAN with this interface index.
  [[nodiscard]] std::optional<std::size_t> find(std::uint32_t index) const;

 private:
  std::vector<std::string> names_;
  std::vector<WanLink> links_;
};

}  // namespace viaduct::gateway
