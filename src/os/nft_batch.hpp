// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "os/netlink.hpp"
#include "os/problem.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace viaduct::os {

/// The one table of ours, `table inet viaduct`.
inline constexpr const char* kTable = "viaduct";

/// What became of one element of a batch that needs a word.
struct ElementReport {
  std::uint32_t index = 0;  ///< counted from 0 in the order of add/remove/clear
  int error_number = 0;     ///< EEXIST, ENOENT, ...
};

/// An element as the kernel holds it. Octets as in NftBatch::add.
struct SetElement {
  std::string key;
  std::string data;                      ///< empty for sets
  std::chrono::milliseconds expires{0};  ///< time left, 0 when the element stays
};

/// Adds and removes elements of the sets and maps of one inet table, all of them or none.
///
/// Keys and data are octets in network order, each field padded with zeros to a multiple of four
/// (registers): `ipv4_addr . inet_service` is 4 octets address, 2 octets port, 2 zeros.
/// The persistent socket belongs to the network namespace in which open() ran.
class NftBatch {
 public:
  [[nodiscard]] static Result<NftBatch> open(std::string table = kTable);

  /// Lists "`set` holds `key`", for a map with `data`, for sets with `flags timeout` with a timeout (0: none).
  /// An identical element is no error; one with other data is (already_exists). Nothing is sent yet.
  void add(const char* set, base::Bytes key, base::Bytes data = {}, std::chrono::milliseconds timeout = {});
  /// Lists "`set` does not hold `key`". A missing element is no error.
  void remove(const char* set, base::Bytes key);
  /// Lists "`set` is empty".
  void clear(const char* set);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Forgets what was listed.
  void discard();

  /// Sends the list as one transaction and waits for the answer; the list is empty afterwards either way.
  /// Costs about 10 us for six elements; a failing transaction costs the kernel several milliseconds, so ask
  /// only for what can be. On failure nothing changed, Failure::offset is the index of the first failing element and
  /// reports() names all. On success reports() names elements that already were as asked, where the kernel tells
  /// (ENOENT on kernels before 6.3).
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] std::span<const ElementReport> reports() const VIADUCT_LIFETIME_BOUND { return reports_; }

  /// All elements of a set or map, in no order.
  [[nodiscard]] Result<std::vector<SetElement>> elements(const char* set);

 private:
  struct Entry {
    std::uint32_t offset;  // of its message in buffer_
    bool removal;
    bool skip;  // the element is as asked already
  };
  // Which message removes elements: "destroy" of Linux 6.3, or "delete", which fails on missing ones.
  enum class Removal : std::uint8_t { untried, destroy, plain };

  NftBatch(Netlink netlink, std::string table) : netlink_(std::move(netlink)), table_(std::move(table)) {}

  [[nodiscard]] nlmsghdr* begin_message(const char* set, std::size_t payload);
  void end_message(nlmsghdr* message, bool removal);
  [[nodiscard]] std::uint32_t lay_out();
  [[nodiscard]] Result<bool> read_answers(std::uint32_t first);
  [[nodiscard]] bool settle();
  [[nodiscard]] Result<void> attempt(bool& again);

  Netlink netlink_;
  std::string table_;
  std::vector<char> buffer_;  // messages one behind the other, the first `used_` octets of it
  std::vector<char> transaction_;
  std::vector<Entry> entries_;
  std::vector<ElementReport> reports_;
  std::vector<ElementReport> errors_;
  std::size_t used_ = 0;
  std::uint32_t socket_room_ = 0;
  Removal removal_ = Removal::untried;
};

}  // namespace viaduct::os
