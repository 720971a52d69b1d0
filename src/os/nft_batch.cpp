// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nft_batch.hpp"

#include "os/attributes.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <endian.h>

namespace viaduct::os {
namespace {

// Linux 6.3: delete, and a missing element is no error. Not yet in the headers of Debian 12.
constexpr std::uint16_t kDestroyElement = 30;
constexpr std::uint16_t kDeleteElement = NFT_MSG_DELSETELEM;
constexpr std::uint32_t kSocketRoom = 4U << 20;
constexpr std::size_t kMessageOverhead = 256;  // headers, table, set, timeout, nesting
constexpr std::size_t kEnvelope = NLMSG_ALIGN(NLMSG_HDRLEN + sizeof(nfgenmsg));

std::uint16_t type_of(std::uint16_t message) {
  return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message);
}

// The brackets of a transaction.
void put_envelope(char* at, std::uint16_t type, std::uint32_t sequence) {
  nlmsghdr* m = mnl_nlmsg_put_header(at);
  m->nlmsg_type = type;
  m->nlmsg_flags = NLM_F_REQUEST;
  m->nlmsg_seq = sequence;
  nfgenmsg* generic = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(m, sizeof(nfgenmsg)));
  generic->nfgen_family = AF_UNSPEC;
  generic->version = NFNETLINK_V0;
  generic->res_id = htons(NFNL_SUBSYS_NFTABLES);
}

void put_value(nlmsghdr* m, std::uint16_t type, base::Bytes octets) {
  nlattr* nest = mnl_attr_nest_start(m, type);
  mnl_attr_put(m, NFTA_DATA_VALUE, octets.size(), octets.data());
  mnl_attr_nest_end(m, nest);
}

std::string read_value(const Attribute& nest) {
  for (const Attribute& a : Attributes(nest.value))
    if (a.type == NFTA_DATA_VALUE) return std::string(a.value);
  return {};
}

SetElement read_element(const Attribute& item) {
  SetElement element;
  for (const Attribute& a : Attributes(item.value)) {
    if (a.type == NFTA_SET_ELEM_KEY) element.key = read_value(a);
    if (a.type == NFTA_SET_ELEM_DATA) element.data = read_value(a);
    if (a.type == NFTA_SET_ELEM_EXPIRATION)
      element.expires = std::chrono::milliseconds(static_cast<std::int64_t>(a.big_endian<std::uint64_t>()));
  }
  return element;
}

}  // namespace

Result<NftBatch> NftBatch::open(std::string table) {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  NftBatch batch(std::move(*netlink), std::move(table));
  batch.socket_room_ = kSocketRoom;
  batch.netlink_.set_buffers(kSocketRoom);
  return batch;
}

nlmsghdr* NftBatch::begin_message(const char* set, std::size_t payload) {
  const std::size_t need = used_ + kMessageOverhead + table_.size() + std::strlen(set) + payload;
  if (buffer_.size() < need) buffer_.resize(std::max(need, buffer_.size() * 2));
  nlmsghdr* m = mnl_nlmsg_put_header(buffer_.data() + used_);
  m->nlmsg_flags = NLM_F_REQUEST;
  nfgenmsg* generic = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(m, sizeof(nfgenmsg)));
  generic->nfgen_family = NFPROTO_INET;
  generic->version = NFNETLINK_V0;
  generic->res_id = 0;
  mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_TABLE, table_.c_str());
  mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_SET, set);
  return m;
}

void NftBatch::end_message(nlmsghdr* message, bool removal) {
  entries_.push_back({static_cast<std::uint32_t>(used_), removal, false});
  used_ += NLMSG_ALIGN(message->nlmsg_len);
}

void NftBatch::add(const char* set, base::Bytes key, base::Bytes data, std::chrono::milliseconds timeout) {
  nlmsghdr* m = begin_message(set, key.size() + data.size());
  m->nlmsg_type = type_of(NFT_MSG_NEWSETELEM);
  m->nlmsg_flags |= NLM_F_CREATE;
  nlattr* list = mnl_attr_nest_start(m, NFTA_SET_ELEM_LIST_ELEMENTS);
  nlattr* item = mnl_attr_nest_start(m, NFTA_LIST_ELEM);
  put_value(m, NFTA_SET_ELEM_KEY, key);
  if (!data.empty()) put_value(m, NFTA_SET_ELEM_DATA, data);
  if (timeout.count() > 0)
    mnl_attr_put_u64(m, NFTA_SET_ELEM_TIMEOUT, htobe64(static_cast<std::uint64_t>(timeout.count())));
  mnl_attr_nest_end(m, item);
  mnl_attr_nest_end(m, list);
  end_message(m, false);
}

void NftBatch::remove(const char* set, base::Bytes key) {
  nlmsghdr* m = begin_message(set, key.size());
  nlattr* list = mnl_attr_nest_start(m, NFTA_SET_ELEM_LIST_ELEMENTS);
  nlattr* item = mnl_attr_nest_start(m, NFTA_LIST_ELEM);
  put_value(m, NFTA_SET_ELEM_KEY, key);
  mnl_attr_nest_end(m, item);
  mnl_attr_nest_end(m, list);
  end_message(m, true);
}

void NftBatch::clear(const char* set) {
  nlmsghdr* m = begin_message(set, 0);
  m->nlmsg_type = type_of(NFT_MSG_DELSETELEM);
  end_message(m, false);
}

void NftBatch::discard() {
  entries_.clear();
  used_ = 0;
}

// Copies what is to be sent between the brackets; returns the sequence number of element 0.
std::uint32_t NftBatch::lay_out() {
  transaction_.resize(used_ + 2 * kEnvelope);
  put_envelope(transaction_.data(), NFNL_MSG_BATCH_BEGIN, netlink_.next_sequence());
  const std::uint32_t first = netlink_.next_sequence();
  std::size_t at = kEnvelope;
  nlmsghdr* last = nullptr;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i > 0) static_cast<void>(netlink_.next_sequence());
    if (entries_[i].skip) continue;
    const nlmsghdr* from = reinterpret_cast<const nlmsghdr*>(buffer_.data() + entries_[i].offset);
    last = reinterpret_cast<nlmsghdr*>(transaction_.data() + at);
    std::memcpy(static_cast<void*>(last), from, from->nlmsg_len);
    last->nlmsg_seq = first + static_cast<std::uint32_t>(i);
    if (entries_[i].removal) last->nlmsg_type = type_of(removal_ == Removal::plain ? kDeleteElement : kDestroyElement);
    at += NLMSG_ALIGN(from->nlmsg_len);
  }
  // One acknowledgement is enough: errors come without being asked for.
  if (last != nullptr) last->nlmsg_flags |= NLM_F_ACK;
  put_envelope(transaction_.data() + at, NFNL_MSG_BATCH_END, netlink_.next_sequence());
  transaction_.resize(at + kEnvelope);
  return first;
}

// The kernel has answered before send() returns. Fills errors_; true when the acknowledgement was among the answers.
Result<bool> NftBatch::read_answers(std::uint32_t first) {
  errors_.clear();
  bool acknowledged = false;
  for (;;) {
    const Result<std::span<const char>> datagram = netlink_.receive_now("change nftables elements");
    if (!datagram && datagram.error().code == Problem::would_block) return acknowledged;
    if (!datagram) return std::unexpected(datagram.error());
    int left = static_cast<int>(datagram->size());
    for (const nlmsghdr* m = reinterpret_cast<const nlmsghdr*>(datagram->data()); mnl_nlmsg_ok(m, left);
         m = mnl_nlmsg_next(m, &left)) {
      const std::uint32_t index = m->nlmsg_seq - first;
      if (m->nlmsg_type != NLMSG_ERROR) continue;
      const NetlinkError error = read_netlink_error(*m);
      if (error.number == 0)
        acknowledged = true;
      else if (index < entries_.size())
        errors_.push_back({index, error.number});
      else
        return fail_errno("change nftables elements", error.number, error.text);
    }
  }
}

// Decides whether another attempt without some elements, or with the older kind of removal, can succeed.
bool NftBatch::settle() {
  const auto unknown_message = [this](const ElementReport& e) {
    return entries_[e.index].removal && (e.error_number == EINVAL || e.error_number == EOPNOTSUPP);
  };
  const auto gone_already = [this](const ElementReport& e) {
    return entries_[e.index].removal && removal_ == Removal::plain && e.error_number == ENOENT;
  };
  if (removal_ == Removal::untried && std::any_of(errors_.begin(), errors_.end(), unknown_message)) {
    removal_ = Removal::plain;
    return true;
  }
  if (!std::all_of(errors_.begin(), errors_.end(), gone_already)) return false;
  for (const ElementReport& e : errors_) {
    entries_[e.index].skip = true;
    reports_.push_back(e);
  }
  return true;
}

Result<void> NftBatch::attempt(bool& again) {
  again = false;
  const std::uint32_t first = lay_out();
  if (transaction_.size() == 2 * kEnvelope) return {};
  if (transaction_.size() > socket_room_ / 2) {
    socket_room_ = static_cast<std::uint32_t>(transaction_.size()) * 2;
    netlink_.set_buffers(socket_room_);
  }
  if (Result<void> sent = netlink_.send(transaction_, "change nftables elements"); !sent) return sent;
  const Result<bool> acknowledged = read_answers(first);
  if (!acknowledged) return std::unexpected(acknowledged.error());
  if (errors_.empty() && *acknowledged) {
    const auto removal = [](const Entry& e) { return e.removal; };
    if (removal_ == Removal::untried && std::any_of(entries_.begin(), entries_.end(), removal))
      removal_ = Removal::destroy;
    return {};
  }
  if (errors_.empty()) return fail(Problem::malformed_answer, "change nftables elements: no acknowledgement");
  if (settle()) {
    again = true;
    return {};
  }
  reports_ = errors_;
  return fail_errno(
      "change nftables element " + std::to_string(errors_.front().index) + " of " + std::to_string(entries_.size()),
      errors_.front().error_number, {}, errors_.front().index);
}

Result<void> NftBatch::commit() {
  reports_.clear();
  Result<void> done;
  bool again = !entries_.empty();
  while (again) done = attempt(again);
  discard();
  return done;
}

Result<std::vector<SetElement>> NftBatch::elements(const char* set) {
  nlmsghdr* m = netlink_.begin_netfilter(NFNL_SUBSYS_NFTABLES, NFT_MSG_GETSETELEM, NLM_F_DUMP, NFPROTO_INET);
  mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_TABLE, table_.c_str());
  mnl_attr_put_strz(m, NFTA_SET_ELEM_LIST_SET, set);
  std::vector<SetElement> all;
  const Result<void> done = netlink_.exchange("list nftables elements", [&all](const nlmsghdr& answer) {
    for (const Attribute& a : Attributes(answer, sizeof(nfgenmsg))) {
      if (a.type != NFTA_SET_ELEM_LIST_ELEMENTS) continue;
      for (const Attribute& item : Attributes(a.value)) all.push_back(read_element(item));
    }
  });
  if (!done) return std::unexpected(done.error());
  return all;
}

}  // namespace viaduct::os
