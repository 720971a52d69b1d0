// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/control.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

constexpr int kLinesAtOnce = 4;  // requests of one client before others get their turn

}  // namespace

os::Result<ControlServer> ControlServer::open(const std::string& path, os::Poller& poller, std::uint64_t first_token,
                                              ControlSource& source) {
  os::Result<os::UnixListener> listener = os::UnixListener::open(path, 0660);
  if (!listener) return std::unexpected(listener.error());
  if (os::Result<void> added = poller.add(listener->fd(), first_token); !added) return std::unexpected(added.error());
  return ControlServer(std::move(*listener), poller, first_token, source);
}

ControlServer::~ControlServer() {
  for (std::size_t slot = 0; slot < kMaxClients; ++slot) drop(slot);
  // A moved-from listener holds no descriptor.
  if (listener_.fd() >= 0 && listening_) poller_->remove(listener_.fd());
}

void ControlServer::on_ready(const os::Ready& ready, base::Instant now) {
  if (ready.token == first_token_) return accept(now);
  std::size_t slot = static_cast<std::size_t>(ready.token - first_token_ - 1);
  if (!clients_[slot]) return;  // dropped while this event was waiting
  if (ready.writable) {
    if (!clients_[slot]->connection.flush()) return drop(slot);
    clients_[slot]->active = now;
  }
  if (ready.readable || ready.hung_up) return receive(slot, now);
  answer_lines(slot, now);
}

void ControlServer::accept(base::Instant now) {
  os::Result<std::optional<os::LineConnection>> connection = listener_.accept();
  if (!connection) {
    // Out of descriptors, most likely: a level-triggered listener would wake us again and again.
    poller_->remove(listener_.fd());
    listening_ = false;
    return;
  }
  if (!*connection) return;
  std::size_t slot = 0;
  while (slot < kMaxClients && clients_[slot]) ++slot;
  if (slot == kMaxClients) {
    // Best effort: whoever is not told sees the connection closed.
    (void)(*connection)->send(error_document("busy", "too many clients, try again"));
    return;
  }
  clients_[slot].emplace(Client{.connection = std::move(**connection), .active = now});
  if (!poller_->add(clients_[slot]->connection.fd(), token_of(slot))) clients_[slot].reset();
}

void ControlServer::receive(std::size_t slot, base::Instant now) {
  Client& client = *clients_[slot];
  os::Result<void> filled = client.connection.fill();
  if (!filled && filled.error().code == os::Problem::closed) {
    if (client.watching) return drop(slot);
    client.ending = true;
  } else if (!filled && filled.error().code == os::Problem::too_big) {
    client.ending = client.refused = true;
    return send(slot, error_document("too_long", "a request has at most 4096 octets"));
  } else if (!filled && filled.error().code != os::Problem::would_block) {
    return drop(slot);
  }
  client.active = now;
  answer_lines(slot, now);
}

void ControlServer::answer_lines(std::size_t slot, base::Instant now) {
  for (int i = 0; i < kLinesAtOnce && clients_[slot]; ++i) {
    Client& client = *clients_[slot];
    if (client.refused || client.connection.wants_write()) break;
    std::optional<base::Bytes> line = client.connection.next_line();
    if (!line) return settle(slot);
    client.active = now;
    std::expected<ControlRequest, RequestProblem> request = parse_request(*line);
    if (!request) {
      // Whoever speaks another language is not listened to any longer.
      client.ending = client.refused = true;
      return send(slot, error_document(request.error().code, request.error().text));
    }
    send(slot, answer(*request, client));
  }
  if (clients_[slot]) settle(slot);
}

std::string ControlServer::answer(const ControlRequest& request, Client& client) {
  switch (request.command) {
    case ControlCommand::status:
      return status_document(source_->status(), source_->view());
    case ControlCommand::calls:
      return calls_document(source_->view(), request.page);
    case ControlCommand::registrations:
      return registrations_document(source_->view(), request.page);
    case ControlCommand::why:
      return why_document(source_->view(), request.name);
    case ControlCommand::recent:
      return recent_document(source_->view(), request.page);
    case ControlCommand::memory:
      return memory_document(source_->view(), request.page);
    case ControlCommand::memory_set:
    case ControlCommand::memory_forget:
      return set_memory(request);
    case ControlCommand::metrics:
      return metrics_document(source_->status(), source_->view());
    case ControlCommand::reload:
      return reload_document(source_->reload());
    case ControlCommand::watch:
      break;
  }
  client.watching = true;
  return notice_document("info", "watching", source_->view());
}

std::string ControlServer::set_memory(const ControlRequest& request) {
  if (request.command == ControlCommand::memory_forget) {
    if (!source_->forget(request.party))
      return error_document("not_known", "nothing is known about " + request.party.to_text());
  } else if (!source_->set_handles(request.party, request.aspect, request.handles)) {
    return error_document("memory_full", "the memory is full; forget a party first");
  }
  return memory_document(source_->view(), Page{});
}

void ControlServer::send(std::size_t slot, base::Bytes data) {
  if (!clients_[slot]->connection.send(data)) return drop(slot);
  settle(slot);
}

void ControlServer::settle(std::size_t slot) {
  Client& client = *clients_[slot];
  bool waits = client.connection.wants_write();
  bool more = !client.refused && client.connection.rest().find('\n') != base::Bytes::npos;
  if (client.ending && !waits && !more) return drop(slot);
  if (client.ending && client.polled) {
    // The end of its stream stays readable for ever; tick() goes on.
    poller_->remove(client.connection.fd());
    client.polled = false;
  }
  if (client.polled && !poller_->change(client.connection.fd(), token_of(slot), waits)) drop(slot);
}

void ControlServer::drop(std::size_t slot) {
  if (!clients_[slot]) return;
  if (clients_[slot]->polled) poller_->remove(clients_[slot]->connection.fd());
  clients_[slot].reset();
}

void ControlServer::tick(base::Instant now) {
  if (!listening_) listening_ = poller_->add(listener_.fd(), first_token_).has_value();
  for (std::size_t slot = 0; slot < kMaxClients; ++slot) {
    if (!clients_[slot]) continue;
    Client& client = *clients_[slot];
    bool stuck = client.connection.wants_write() || !client.watching;
    bool gone = (stuck && now - client.active > kIdle) || (!client.polled && !client.connection.flush());
    if (gone) {
      drop(slot);
    } else {
      answer_lines(slot, now);
    }
  }
}

bool ControlServer::watched() const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const std::optional<Client>& client) { return client && client->watching; });
}

void ControlServer::publish(const alg::Association& about, const alg::Event& event) {
  if (!watched()) return;
  std::string data = event_document(about, event, source_->view());
  for (std::size_t slot = 0; slot < kMaxClients; ++slot)
    if (clients_[slot] && clients_[slot]->watching) send_event(slot, data);
}

void ControlServer::publish_notice(base::Bytes level, base::Bytes text) {
  if (!watched()) return;
  std::string data = notice_document(level, text, source_->view());
  for (std::size_t slot = 0; slot < kMaxClients; ++slot)
    if (clients_[slot] && clients_[slot]->watching) send_event(slot, data);
}

void ControlServer::send_event(std::size_t slot, base::Bytes data) {
  Client& client = *clients_[slot];
  if (client.connection.wants_write()) {
    ++client.lost;
    return;
  }
  std::string all;
  if (client.lost > 0)
    all = notice_document("warning", std::to_string(client.lost) + " events were lost: this client reads too slowly",
                          source_->view());
  client.lost = 0;
  client.active = source_->view().now;
  send(slot, all.append(data));
}

}  // namespace viaduct::gateway
