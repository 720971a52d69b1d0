// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/rewrite.hpp"

#include "sip/fields.hpp"

#include <charconv>
#include <cstring>

namespace viaduct::sip {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;

/// Text of host and port, made without allocation.
class HostPortText {
 public:
  HostPortText(const net::Address& address, std::uint16_t port) {
    const bool brackets = address.family == net::Family::ipv6;
    char scratch[net::kMaxAddressText];
    const Bytes host = address.write_text(scratch);
    if (brackets) text_[size_++] = '[';
    std::memcpy(text_ + size_, host.data(), host.size());
    size_ += host.size();
    if (brackets) text_[size_++] = ']';
    if (port == 0) return;
    text_[size_++] = ':';
    size_ = static_cast<std::size_t>(std::to_chars(text_ + size_, text_ + sizeof text_, port).ptr - text_);
  }
  [[nodiscard]] Bytes text() const { return {text_, size_}; }

 private:
  char text_[net::kMaxAddressText + 8];  // two brackets, a colon and five digits
  std::size_t size_ = 0;
};

/// `usual`: the port may stay unwritten where it was.
EditResult replace(edit::EditList& list, Range host, Range host_port, const net::Endpoint& endpoint, bool usual) {
  const bool had_port = host_port != host;
  if (endpoint.port == 0) return list.replace(host, HostPortText(endpoint.address, 0).text());
  const bool write_port = had_port || !usual;
  return list.replace(host_port, HostPortText(endpoint.address, write_port ? endpoint.port : std::uint16_t{0}).text());
}

}  // namespace

EditResult replace_host_port(edit::EditList& list, const Uri& uri, const net::Endpoint& endpoint) {
  const bool usual = uri.scheme == Scheme::sip && endpoint.port == kDefaultPort;
  return replace(list, uri.host, uri.host_port(), endpoint, usual);
}

EditResult replace_sent_by(edit::EditList& list, const Via& via, const net::Endpoint& endpoint) {
  const bool plain = via.transport == Transport::udp || via.transport == Transport::tcp;
  return replace(list, via.host, via.sent_by(), endpoint, plain && endpoint.port == kDefaultPort);
}

EditResult replace_content_length(edit::EditList& list, const Message& message) {
  const std::int64_t delta = list.delta_from(message.body().offset);
  if (delta == 0 || message.framing() == Framing::absent) return {};
  const Result<ContentLength> length = content_length(message);
  if (!length || message.framing() == Framing::too_short)
    return base::fail(edit::EditProblem::out_of_buffer, message.body().offset);
  char digits[20];
  const char* const end = std::to_chars(digits, digits + sizeof digits, length->value + delta).ptr;
  return list.replace(length->digits, Bytes(digits, static_cast<std::size_t>(end - digits)));
}

}  // namespace viaduct::sip
