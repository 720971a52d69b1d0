// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nfqueue.hpp"

#include "base/text.hpp"
#include "os/attributes.hpp"
#include "os/netlink.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace viaduct::os {
namespace {

// One slot holds the longest message: 64 KiB of packet and its attributes. The odd number of cache lines keeps
// the heads of all slots from falling into the same few lines of the cache.
constexpr std::size_t kSlot = 65536 + 4096 + 13 * 64;
constexpr std::size_t kSlots = Nfqueue::kMaxBatch;
// Verdicts leave when this much has been collected: a batch of messages of the usual size in one call.
constexpr std::size_t kSendNow = 60 * 1024;
constexpr std::size_t kVerdictHead = NLMSG_HDRLEN + sizeof(nfgenmsg) + NLA_HDRLEN + sizeof(nfqnl_msg_verdict_hdr);
constexpr std::size_t kSendRoom = kSendNow + kVerdictHead + NLA_HDRLEN + NLA_ALIGN(65535) + 2 * kVerdictHead;

/// Address space for the slots; pages are taken when first written to.
class Slots {
 public:
  Slots() = default;
  ~Slots() {
    if (base_ != nullptr) ::munmap(base_, kSlot * kSlots);
  }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  [[nodiscard]] bool map() {
    void* memory =
        ::mmap(nullptr, kSlot * kSlots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    base_ = static_cast<char*>(memory);
    return true;
  }
  [[nodiscard]] char* at(std::size_t i) const { return base_ + i * kSlot; }

 private:
  char* base_ = nullptr;
};

bool read_packet(const nlmsghdr& message, QueuedPacket& packet) {
  packet = {};
  bool has_head = false;
  std::uint32_t full = 0;
  for (const Attribute& a : Attributes(message, sizeof(nfgenmsg))) {
    switch (a.type) {
      case NFQA_PACKET_HDR: {
        nfqnl_msg_packet_hdr head{};
        if (a.value.size() < sizeof head) return false;
        std::memcpy(&head, a.value.data(), sizeof head);
        packet.id = ntohl(head.packet_id);
        packet.protocol = ntohs(head.hw_protocol);
        packet.hook = head.hook;
        has_head = true;
        break;
      }
      case NFQA_PAYLOAD:
        packet.payload = a.value;
        break;
      case NFQA_CAP_LEN:
        full = a.big_endian<std::uint32_t>();
        break;
      case NFQA_MARK:
        packet.mark = a.big_endian<std::uint32_t>();
        break;
      case NFQA_IFINDEX_INDEV:
        packet.in_interface = a.big_endian<std::uint32_t>();
        break;
      case NFQA_IFINDEX_OUTDEV:
        packet.out_interface = a.big_endian<std::uint32_t>();
        break;
      case NFQA_IFINDEX_PHYSINDEV:
        packet.physical_in = a.big_endian<std::uint32_t>();
        break;
      case NFQA_IFINDEX_PHYSOUTDEV:
        packet.physical_out = a.big_endian<std::uint32_t>();
        break;
      default:
        break;
    }
  }
  packet.full_length = full != 0 ? full : static_cast<std::uint32_t>(packet.payload.size());
  return has_head;
}

Result<Fd> open_kernel_table() {
  // Not /proc/net, which shows the namespace of the process' first thread.
  const char* path = "/proc/thread-self/net/netfilter/nfnetlink_queue";
  Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail_errno(std::string("open ") + path, errno);
  return fd;
}

Result<NfqueueKernelState> find_queue(const Fd& table, std::uint16_t number) {
  std::array<char, 16384> text{};
  const ssize_t n = ::pread(table.get(), text.data(), text.size(), 0);
  if (n < 0) return fail_errno("read the list of netfilter queues", errno);
  base::Bytes left(text.data(), static_cast<std::size_t>(n));
  while (!left.empty()) {
    base::Bytes line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(line.size() + 1, left.size()));
    // number, port id, waiting, copy mode, copy range, dropped, user dropped, last id
    std::array<std::uint32_t, 8> fields{};
    for (std::uint32_t& field : fields) {
      line = base::trim(line);
      const base::Bytes word = line.substr(0, line.find(' '));
      field = base::parse_decimal(word).value_or(0);
      line.remove_prefix(word.size());
    }
    if (fields[0] == number) return NfqueueKernelState{fields[1], fields[2], fields[5], fields[6], fields[7]};
  }
  return fail(Problem::not_found, "find netfilter queue " + std::to_string(number));
}

void put_command(nlmsghdr* m, std::uint8_t command) {
  const nfqnl_msg_config_cmd body{command, 0, htons(AF_UNSPEC)};
  mnl_attr_put(m, NFQA_CFG_CMD, sizeof body, &body);
}

Result<void> configure(Netlink& netlink, const NfqueueOptions& options) {
  nlmsghdr* m = netlink.begin_netfilter(NFNL_SUBSYS_QUEUE, NFQNL_MSG_CONFIG, NLM_F_ACK, AF_UNSPEC, options.number);
  const nfqnl_msg_config_params params{htonl(options.copy_range), NFQNL_COPY_PACKET};
  mnl_attr_put(m, NFQA_CFG_PARAMS, sizeof params, &params);
  mnl_attr_put_u32(m, NFQA_CFG_QUEUE_MAXLEN, htonl(options.length));
  // GSO off: with it a rewritten packet with a partial checksum vanishes silently.
  mnl_attr_put_u32(m, NFQA_CFG_MASK, htonl(NFQA_CFG_F_FAIL_OPEN | NFQA_CFG_F_GSO));
  mnl_attr_put_u32(m, NFQA_CFG_FLAGS, htonl(options.fail_open ? NFQA_CFG_F_FAIL_OPEN : 0));
  return netlink.exchange("set up the netfilter queue");
}

}  // namespace

struct Nfqueue::State {
  explicit State(Netlink socket) : netlink(std::move(socket)) {}

  void prepare();
  [[nodiscard]] std::size_t read_slots(std::size_t count, std::span<QueuedPacket> out);
  void begin_order(std::span<const QueuedPacket> packets);
  [[nodiscard]] bool is_next(std::uint32_t id);
  void note_verdict();
  void put_verdict(std::uint8_t type, std::uint32_t id, base::Bytes packet);
  void close_run();
  void send_if_full();
  [[nodiscard]] int send();

  Netlink netlink;
  std::uint16_t number = 0;
  Fd kernel_table;  // the namespace's, whichever one the caller is in later
  Slots slots;
  std::array<mmsghdr, kSlots> messages{};
  std::array<iovec, kSlots> vectors{};

  std::vector<char> out;
  std::size_t used = 0;
  std::uint32_t in_out = 0;  // verdicts in `out`, a batch verdict counted for each of its packets

  // Ids of the packets received last, in the kernel's order. A batch verdict means "all up to this id", so it may
  // only stand for packets that were accepted in this order without a hole.
  std::array<std::uint32_t, kSlots> order{};
  std::size_t order_size = 0;
  std::size_t order_next = 0;
  bool in_order = true;
  std::uint32_t run_length = 0;  // plain accepts not yet written to `out`
  std::uint32_t run_last = 0;

  std::size_t outstanding = 0;
  int send_error = 0;  // of an automatic send between two flush() calls
  NfqueueCounters counters;
};

void Nfqueue::State::prepare() {
  out.resize(kSendRoom);
  for (std::size_t i = 0; i < kSlots; ++i) {
    vectors[i] = {slots.at(i), kSlot};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
}

std::size_t Nfqueue::State::read_slots(std::size_t count, std::span<QueuedPacket> packets) {
  std::size_t filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const nlmsghdr* m = reinterpret_cast<const nlmsghdr*>(slots.at(i));
    if (!mnl_nlmsg_ok(m, static_cast<int>(messages[i].msg_len))) continue;
    if (m->nlmsg_type == (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET))
      filled += read_packet(*m, packets[filled]) ? 1 : 0;
    else if (m->nlmsg_type == NLMSG_ERROR && read_netlink_error(*m).number != 0)
      ++counters.refused;
  }
  return filled;
}

void Nfqueue::State::begin_order(std::span<const QueuedPacket> packets) {
  in_order = outstanding == 0;
  order_next = 0;
  order_size = packets.size();
  for (std::size_t i = 0; i < packets.size(); ++i) order[i] = packets[i].id;
  outstanding += packets.size();
  counters.received += packets.size();
}

bool Nfqueue::State::is_next(std::uint32_t id) {
  in_order = in_order && order_next < order_size && order[order_next] == id;
  if (in_order) ++order_next;
  return in_order;
}

void Nfqueue::State::note_verdict() {
  ++in_out;
  if (outstanding > 0) --outstanding;
}

void Nfqueue::State::put_verdict(std::uint8_t type, std::uint32_t id, base::Bytes packet) {
  nlmsghdr* m = reinterpret_cast<nlmsghdr*>(out.data() + used);
  const std::size_t length = kVerdictHead + (packet.data() != nullptr ? NLA_HDRLEN + packet.size() : 0);
  *m = {};
  m->nlmsg_len = static_cast<std::uint32_t>(length);
  m->nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_QUEUE << 8 | type);
  m->nlmsg_flags = NLM_F_REQUEST;
  char* at = out.data() + used + NLMSG_HDRLEN;
  const nfgenmsg generic{AF_UNSPEC, NFNETLINK_V0, htons(number)};
  std::memcpy(at, &generic, sizeof generic);
  at += sizeof generic;
  const nlattr head{NLA_HDRLEN + sizeof(nfqnl_msg_verdict_hdr), NFQA_VERDICT_HDR};
  const nfqnl_msg_verdict_hdr body{htonl(NF_ACCEPT), htonl(id)};
  std::memcpy(at, &head, sizeof head);
  std::memcpy(at + sizeof head, &body, sizeof body);
  at += sizeof head + sizeof body;
  if (packet.data() != nullptr) {
    const nlattr payload{static_cast<std::uint16_t>(NLA_HDRLEN + packet.size()), NFQA_PAYLOAD};
    std::memcpy(at, &payload, sizeof payload);
    std::memcpy(at + sizeof payload, packet.data(), packet.size());
  }
  used += NLMSG_ALIGN(length);
}

void Nfqueue::State::close_run() {
  if (run_length == 0) return;
  put_verdict(run_length > 1 ? NFQNL_MSG_VERDICT_BATCH : NFQNL_MSG_VERDICT, run_last, {});
  run_length = 0;
}

int Nfqueue::State::send() {
  close_run();
  if (used == 0) return 0;
  ssize_t n = -1;
  int error = EINTR;
  // Short of memory for a moment: without its verdict a packet would wait for ever.
  for (int attempt = 0; attempt < 5 && n < 0 && (error == EINTR || error == ENOBUFS || error == ENOMEM); ++attempt) {
    n = ::send(netlink.fd(), out.data(), used, 0);
    error = n < 0 ? errno : 0;
  }
  if (error != 0) counters.unsent += in_out;
  ++counters.batches;
  used = 0;
  in_out = 0;
  return error;
}

void Nfqueue::State::send_if_full() {
  if (used < kSendNow) return;
  const int error = send();
  if (send_error == 0) send_error = error;
}

Nfqueue::Nfqueue(std::unique_ptr<State> state) : state_(std::move(state)) {}
Nfqueue::Nfqueue(Nfqueue&&) noexcept = default;
Nfqueue& Nfqueue::operator=(Nfqueue&&) noexcept = default;
Nfqueue::~Nfqueue() = default;

Result<Nfqueue> Nfqueue::open(const NfqueueOptions& options) {
  Result<Netlink> netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return std::unexpected(netlink.error());
  std::unique_ptr<State> state = std::make_unique<State>(std::move(*netlink));
  state->number = options.number;
  Result<Fd> table = open_kernel_table();
  if (!table) return std::unexpected(std::move(table.error()));
  state->kernel_table = std::move(*table);
  if (!state->slots.map()) return fail_errno("make room for queued packets", errno);
  state->prepare();
  // Overruns are counted by the kernel (SO_MEMINFO). With ENOBUFS the socket would refuse everything until emptied.
  const int on = 1;
  ::setsockopt(state->netlink.fd(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
  state->netlink.set_buffers(options.socket_buffer);

  nlmsghdr* m =
      state->netlink.begin_netfilter(NFNL_SUBSYS_QUEUE, NFQNL_MSG_CONFIG, NLM_F_ACK, AF_UNSPEC, options.number);
  put_command(m, NFQNL_CFG_CMD_BIND);
  Result<void> bound = state->netlink.exchange("bind the netfilter queue");
  if (!bound) {
    // The kernel says EPERM or EBUSY when somebody else reads it.
    const Result<NfqueueKernelState> other = nfqueue_kernel_state(options.number);
    if (other)
      return fail(Problem::busy, "bind netfilter queue " + std::to_string(options.number),
                  "Netlink port " + std::to_string(other->port_id) + " (as a rule the process id) reads it.");
    return std::unexpected(std::move(bound.error()));
  }
  if (Result<void> done = configure(state->netlink, options); !done) return std::unexpected(std::move(done.error()));
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::connect(state->netlink.fd(), reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) != 0)
    return fail_errno("connect to the netfilter queue", errno);
  return Nfqueue(std::move(state));
}

int Nfqueue::fd() const {
  return state_->netlink.fd();
}

Result<std::size_t> Nfqueue::receive(std::span<QueuedPacket> out) {
  if (Result<void> sent = flush(); !sent) return std::unexpected(std::move(sent.error()));
  const unsigned most = static_cast<unsigned>(std::min(out.size(), kSlots));
  for (;;) {
    const int n = ::recvmmsg(fd(), state_->messages.data(), most, MSG_DONTWAIT, nullptr);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return std::size_t{0};
    if (n < 0) return fail_errno("read the netfilter queue", errno);
    const std::size_t filled = state_->read_slots(static_cast<std::size_t>(n), out);
    if (filled == 0 && n > 0) continue;  // errors only
    state_->begin_order(out.first(filled));
    return filled;
  }
}

void Nfqueue::accept(std::uint32_t id) {
  State& s = *state_;
  ++s.counters.accepted;
  if (!s.is_next(id)) {
    s.close_run();
    s.put_verdict(NFQNL_MSG_VERDICT, id, {});
  } else {
    ++s.run_length;
    s.run_last = id;
  }
  s.note_verdict();
  s.send_if_full();
}

void Nfqueue::accept(std::uint32_t id, base::Bytes packet) {
  State& s = *state_;
  if (packet.empty() || packet.size() > kMaxPacket) return accept(id);
  ++s.counters.replaced;
  static_cast<void>(s.is_next(id));
  s.close_run();
  s.put_verdict(NFQNL_MSG_VERDICT, id, packet);
  s.note_verdict();
  s.send_if_full();
}

Result<void> Nfqueue::flush() {
  const int error = state_->send();
  const int first = std::exchange(state_->send_error, 0);
  if (first != 0 || error != 0) return fail_errno("send verdicts to the netfilter queue", first != 0 ? first : error);
  return {};
}

Result<void> Nfqueue::drain() {
  std::array<QueuedPacket, kMaxBatch> packets;
  if (Result<void> sent = flush(); !sent) return sent;
  for (;;) {
    const Result<std::size_t> n = receive(packets);
    if (!n) return std::unexpected(n.error());
    if (*n == 0) break;
    for (std::size_t i = 0; i < *n; ++i) accept(packets[i].id);
  }
  // What was read before and kept back: one verdict up to the newest id covers it.
  if (state_->outstanding > 0) {
    const Result<NfqueueKernelState> kernel = kernel_state();
    if (!kernel) return std::unexpected(kernel.error());
    state_->put_verdict(NFQNL_MSG_VERDICT_BATCH, kernel->last_id, {});
    state_->counters.accepted += std::exchange(state_->outstanding, 0);
  }
  return flush();
}

std::size_t Nfqueue::outstanding() const {
  return state_->outstanding;
}

NfqueueCounters Nfqueue::counters() const {
  NfqueueCounters result = state_->counters;
  std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
  socklen_t length = sizeof memory;
  if (::getsockopt(fd(), SOL_SOCKET, SO_MEMINFO, memory.data(), &length) == 0)
    result.socket_overruns = memory[SK_MEMINFO_DROPS];
  return result;
}

Result<NfqueueKernelState> Nfqueue::kernel_state() const {
  return find_queue(state_->kernel_table, state_->number);
}

Result<NfqueueKernelState> nfqueue_kernel_state(std::uint16_t number) {
  const Result<Fd> table = open_kernel_table();
  if (!table) return std::unexpected(table.error());
  return find_queue(*table, number);
}

}  // namespace viaduct::os
