// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/onsite_proxy.hpp"

#include <algorithm>

namespace viaduct::simulate {

Socket OnsiteProxy::relay(Socket phone) {
  const auto odd = static_cast<std::uint16_t>(phone.port & 1);  // RTCP, beside its RTP
  phone.port = static_cast<std::uint16_t>(phone.port - odd);
  const auto next = static_cast<std::uint16_t>(35000 + 2 * relays_.size());
  const auto [place, fresh] = relays_.try_emplace(phone, Socket{inside_.address, next});
  if (fresh) phones_[place->second] = phone;
  return {place->second.address, static_cast<std::uint16_t>(place->second.port + odd)};
}

std::optional<Socket> OnsiteProxy::behind(Socket relay) const {
  const auto odd = static_cast<std::uint16_t>(relay.port & 1);
  const auto found = phones_.find({relay.address, static_cast<std::uint16_t>(relay.port - odd)});
  if (found == phones_.end()) return std::nullopt;
  return Socket{found->second.address, static_cast<std::uint16_t>(found->second.port + odd)};
}

void OnsiteProxy::up(Message& message, Socket phone) {
  const Socket outside{outside_, inside_.port};
  if (message.is_response()) {
    message.headers.erase(std::ranges::find(message.headers, "Via", &Header::name));
  } else {
    Header* via = message.find("Via");
    if (const std::size_t asks = via->value.find(";rport"); asks != std::string::npos)
      via->value.insert(asks + 6, "=" + std::to_string(phone.port) + ";received=" + phone.host());
    message.headers.insert(message.headers.begin(), {"Via", "SIP/2.0/UDP " + outside.text() + ";branch=z9hG4bKop" +
                                                                std::to_string(++branches_)});
    if (Header* hops = message.find("Max-Forwards")) hops->value = "69";
    message.headers.insert(message.headers.begin() + 2, {"Record-Route", "<sip:" + outside.text() + ";lr>"});
  }
  if (message.sdp.empty()) return;
  std::string* audio = message.line("m=audio ");
  const std::size_t end = audio->find(' ', 8);
  const Socket media{phone.address, static_cast<std::uint16_t>(std::stoi(audio->substr(8, end - 8)))};
  audio->replace(8, end - 8, std::to_string(relay(media).port));
  for (const std::string_view begin : {"o=", "c="}) replace_word(*message.line(begin), phone.host(), outside.host());
  std::erase_if(message.sdp, [](const std::string& line) { return line.starts_with("a=rtcp:"); });
}

void OnsiteProxy::down(Message& message, Socket phone) {
  if (message.is_response()) {
    message.headers.erase(std::ranges::find(message.headers, "Via", &Header::name));
    return;
  }
  const Socket outside{outside_, inside_.port};
  message.headers.insert(message.headers.begin(),
                         {"Via", "SIP/2.0/UDP " + outside.text() + ";branch=z9hG4bKop" + std::to_string(++branches_)});
  replace_word(message.first, outside.text(), phone.text());
}

}  // namespace viaduct::simulate
