// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nft_rules.hpp"

#include "os/attributes.hpp"
#include "os/netlink.hpp"

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netlink.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>

namespace viaduct::os {
namespace {

constexpr const char* kMissing =
    "The kernel needs nft_queue (CONFIG_NFT_QUEUE), or nft_compat with xt_NFQUEUE (CONFIG_NFT_COMPAT, "
    "CONFIG_NETFILTER_XT_TARGET_NFQUEUE); and the chain must exist.";

struct FreeRule {
  void operator()(nftnl_rule* rule) const { nftnl_rule_free(rule); }
};
using RulePointer = std::unique_ptr<nftnl_rule, FreeRule>;

RulePointer make_rule(const std::string& table, const std::string& chain) {
  RulePointer rule(nftnl_rule_alloc());
  if (rule == nullptr) std::abort();  // out of memory, as operator new would
  nftnl_rule_set_u32(rule.get(), NFTNL_RULE_FAMILY, NFPROTO_INET);
  nftnl_rule_set_str(rule.get(), NFTNL_RULE_TABLE, table.c_str());
  if (!chain.empty()) nftnl_rule_set_str(rule.get(), NFTNL_RULE_CHAIN, chain.c_str());
  return rule;
}

nftnl_expr* append(nftnl_rule& rule, const char* name) {
  nftnl_expr* expression = nftnl_expr_alloc(name);
  if (expression == nullptr) std::abort();
  nftnl_rule_add_expr(&rule, expression);
  return expression;
}

void append_native_queue(nftnl_rule& rule, std::uint16_t number) {
  nftnl_expr* queue = append(rule, "queue");
  nftnl_expr_set_u16(queue, NFTNL_EXPR_QUEUE_NUM, number);
  nftnl_expr_set_u16(queue, NFTNL_EXPR_QUEUE_TOTAL, 1);
  nftnl_expr_set_u16(queue, NFTNL_EXPR_QUEUE_FLAGS, NFT_QUEUE_FLAG_BYPASS);
}

void append_xtables_queue(nftnl_rule& rule, std::uint16_t number) {
  nftnl_expr* target = append(rule, "target");
  nftnl_expr_set_str(target, NFTNL_EXPR_TG_NAME, "NFQUEUE");
  nftnl_expr_set_u32(target, NFTNL_EXPR_TG_REV, 3);
  // The kernel wants the size rounded up to 8; libnftnl takes over and frees() the memory.
  constexpr std::uint32_t kAligned = (sizeof(xt_NFQ_info_v3) + 7) / 8 * 8;
  xt_NFQ_info_v3* info = static_cast<xt_NFQ_info_v3*>(std::calloc(1, kAligned));
  if (info == nullptr) std::abort();
  info->queuenum = number;
  info->queues_total = 1;
  info->flags = NFQ_FLAG_BYPASS;
  if (nftnl_expr_set(target, NFTNL_EXPR_TG_INFO, info, kAligned) < 0) std::free(info);
}  // NOLINT(clang-analyzer-unix.Malloc): the rule owns it now

// Runs a transaction of one message and returns the kernel's word on it.
Result<void> commit_one(std::uint16_t type, std::uint16_t flags, const std::string& action,
                        const std::function<void(nlmsghdr*)>& fill) {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  std::vector<char> buffer(16384);
  nlmsghdr* begin = nftnl_batch_begin(buffer.data(), 1);
  char* at = buffer.data() + NLMSG_ALIGN(begin->nlmsg_len);
  nlmsghdr* m = nftnl_nlmsg_build_hdr(at, type, NFPROTO_INET, static_cast<std::uint16_t>(flags | NLM_F_ACK), 2);
  fill(m);
  at += NLMSG_ALIGN(m->nlmsg_len);
  nlmsghdr* end = nftnl_batch_end(at, 3);
  at += NLMSG_ALIGN(end->nlmsg_len);
  const std::span<const char> whole(buffer.data(), static_cast<std::size_t>(at - buffer.data()));
  if (Result<void> sent = netlink->send(whole, action.c_str()); !sent) return sent;
  for (;;) {
    const Result<std::span<const char>> datagram = netlink->receive_now(action.c_str());
    if (!datagram) return std::unexpected(datagram.error());
    int left = static_cast<int>(datagram->size());
    for (const nlmsghdr* a = reinterpret_cast<const nlmsghdr*>(datagram->data()); mnl_nlmsg_ok(a, left);
         a = mnl_nlmsg_next(a, &left)) {
      if (a->nlmsg_type != NLMSG_ERROR) continue;
      const NetlinkError error = read_netlink_error(*a);
      if (error.number != 0) return fail_errno(action, error.number, error.text);
      return {};
    }
  }
}

int read_counter(nftnl_expr* expression, void* result) {
  const char* name = nftnl_expr_get_str(expression, NFTNL_EXPR_NAME);
  if (name == nullptr || std::string_view(name) != "counter") return 0;
  QueueRule& rule = *static_cast<QueueRule*>(result);
  rule.packets = nftnl_expr_get_u64(expression, NFTNL_EXPR_CTR_PACKETS);
  rule.bytes = nftnl_expr_get_u64(expression, NFTNL_EXPR_CTR_BYTES);
  return 0;
}

}  // namespace

Result<void> append_queue_rule(const std::string& chain, std::uint16_t number, QueueStatement statement,
                               const std::string& table) {
  const RulePointer rule = make_rule(table, chain);
  append(*rule, "counter");
  if (statement == QueueStatement::native)
    append_native_queue(*rule, number);
  else
    append_xtables_queue(*rule, number);
  return commit_one(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND,
                    "send packets of chain " + chain + " to queue " + std::to_string(number),
                    [&rule](nlmsghdr* m) { nftnl_rule_nlmsg_build_payload(m, rule.get()); });
}

Result<QueueStatement> append_queue_rule(const std::string& chain, std::uint16_t number, const std::string& table) {
  const Result<void> native = append_queue_rule(chain, number, QueueStatement::native, table);
  if (native) return QueueStatement::native;
  if (native.error().code == Problem::not_permitted) return std::unexpected(native.error());
  const Result<void> xtables = append_queue_rule(chain, number, QueueStatement::xtables, table);
  if (xtables) return QueueStatement::xtables;
  Failure failure = xtables.error();
  failure.advice = kMissing;
  return std::unexpected(std::move(failure));
}

Result<void> flush_chain(const std::string& chain, const std::string& table) {
  const RulePointer rule = make_rule(table, chain);
  return commit_one(NFT_MSG_DELRULE, 0, "flush chain " + chain,
                    [&rule](nlmsghdr* m) { nftnl_rule_nlmsg_build_payload(m, rule.get()); });
}

Result<void> delete_table(const std::string& table) {
  const Result<void> done = commit_one(NFT_MSG_DELTABLE, 0, "delete table inet " + table,
                                       [&table](nlmsghdr* m) { mnl_attr_put_strz(m, NFTA_TABLE_NAME, table.c_str()); });
  if (!done && done.error().error_number == ENOENT) return {};
  return done;
}

Result<QueueRule> read_queue_rule(const std::string& chain, const std::string& table) {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  nlmsghdr* m = netlink->begin_netfilter(NFNL_SUBSYS_NFTABLES, NFT_MSG_GETRULE, NLM_F_DUMP, NFPROTO_INET);
  mnl_attr_put_strz(m, NFTA_RULE_TABLE, table.c_str());
  mnl_attr_put_strz(m, NFTA_RULE_CHAIN, chain.c_str());
  std::optional<QueueRule> first;
  const Result<void> done = netlink->exchange("read the rules of a chain", [&first](const nlmsghdr& answer) {
    const RulePointer rule(nftnl_rule_alloc());
    if (first || rule == nullptr || nftnl_rule_nlmsg_parse(&answer, rule.get()) != 0) return;
    first.emplace();
    first->handle = nftnl_rule_get_u64(rule.get(), NFTNL_RULE_HANDLE);
    nftnl_expr_foreach(rule.get(), read_counter, &*first);
  });
  if (!done) return std::unexpected(done.error());
  if (!first) return fail(Problem::not_found, "find the queue rule of chain " + chain);
  return *first;
}

}  // namespace viaduct::os
