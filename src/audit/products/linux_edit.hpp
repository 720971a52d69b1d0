// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/products/linux.hpp"
#include "audit/text.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace viaduct::audit::products {

/// One word of a POSIX shell, whatever is in it: names of rules and their comments may be hostile.
[[nodiscard]] std::string shell_word(Bytes word);

/// Where rules and objects stand in what `nft -a list ruleset` printed, by table ("inet filter") and handle.
class NftListing {
 public:
  struct Place {
    std::uint32_t line = 0;
    std::string rule;  ///< as nft takes it again, without its handle
  };

  explicit NftListing(const Text& text);
  /// None: the text has no such listing, or not this handle.
  [[nodiscard]] const Place* find(const std::string& table, Bytes handle) const;
  /// The handle that stands at the end of a line; empty without one.
  [[nodiscard]] static Bytes handle_on(Bytes line);

 private:
  std::map<std::pair<std::string, std::string>, Place> places_;
};

/// What to do where a program writes that table ("inet fw4") whenever it starts; empty: none is known.
[[nodiscard]] Bytes maker_of(Bytes table);

/// `conntrack -D` for one flow, by the words of `conntrack -L`; no fix if they are not those of a flow.
[[nodiscard]] Edit edit_of_flow(Node line);

/// Takes automatic assignment away, at once and at the next start; `before`: the value that was there.
[[nodiscard]] Edit edit_of_assignment(Bytes before);
/// Takes the modules out and keeps them out.
[[nodiscard]] Edit edit_of_modules();
/// UDP timers; `unreplied` and `stream` are what they are now, Timer::kUnknown where that is not known.
[[nodiscard]] Edit edit_of_timers(std::int64_t unreplied, std::int64_t stream);

/// To be called when all was read: behind the last edit that takes an assignment away come the flows that keep the
/// helper until they end, and where the assignment comes back from.
void finish_edits(LinuxBox& box);

}  // namespace viaduct::audit::products
