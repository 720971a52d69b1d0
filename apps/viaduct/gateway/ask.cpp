// SPDX-License-Identifier: GPL-2.0-or-later
#include "gateway/ask.hpp"

#include "os/unix_socket.hpp"

#include <poll.h>

#include <cerrno>

namespace viaduct::client {
namespace {

constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024 * 1024;

Answer read_answer(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("format"))
    return std::unexpected(NoAnswer{NoAnswer::Kind::unreachable, "the answer cannot be read: no viaduct-gateway",
                                    "is the socket that of viaduct-gateway? See --socket"});
  if (json["format"] == "gateway-error/1")
    return std::unexpected(NoAnswer{NoAnswer::Kind::refused, json.value("text", ""), ""});
  return json;
}

void append_arrays(Json& whole, const Json& page) {
  for (const auto& [key, value] : page.items()) {
    if (!value.is_array() || !whole.contains(key)) continue;
    for (const Json& row : value) whole[key].push_back(row);
  }
}

}  // namespace

NoAnswer Gateway::explain(const std::string& failure, int error_number) const {
  if (error_number == ENOENT || error_number == ECONNREFUSED)
    return {NoAnswer::Kind::unreachable, "not running: nobody listens at " + socket_,
            "start it with 'systemctl start viaduct-gateway', or name its socket with --socket PATH"};
  if (error_number == EACCES || error_number == EPERM)
    return {NoAnswer::Kind::unreachable, "no permission for " + socket_,
            "run as root, or as a member of the group that owns the socket (see 'ls -l " + socket_ + "')"};
  if (error_number == 0)
    return {NoAnswer::Kind::unreachable, "no answer from " + socket_ + " (" + failure + ")",
            "the gateway may be stopped or hung; calls go on without it. See 'systemctl status viaduct-gateway'"};
  return {NoAnswer::Kind::unreachable, failure, "see 'systemctl status viaduct-gateway'"};
}

Answer Gateway::ask(const Json& request) const {
  os::Result<os::LineConnection> connection = os::LineConnection::connect(socket_);
  if (!connection) return std::unexpected(explain(connection.error().to_text(), connection.error().error_number));
  std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  os::Result<void> sent = connection->send_all(line, limit_);
  if (!sent) return std::unexpected(explain(std::string(os::text_of(sent.error().code)), 0));
  connection->finish_sending();
  os::Result<std::string> text = connection->read_all(kLargestAnswer, limit_);
  if (!text) return std::unexpected(explain(std::string(os::text_of(text.error().code)), 0));
  if (text->empty()) return std::unexpected(explain("it closed the connection", 0));
  return read_answer(*text);
}

Answer Gateway::ask_all(Json request) const {
  Answer whole = ask(request);
  while (whole && whole->contains("next") && !(*whole)["next"].is_null()) {
    request["after"] = (*whole)["next"];
    Answer page = ask(request);
    if (!page) return page;
    append_arrays(*whole, *page);
    (*whole)["next"] = page->contains("next") ? (*page)["next"] : Json(nullptr);
  }
  return whole;
}

NoAnswer Gateway::stream(const Json& request, const std::function<bool(const Json&)>& take) const {
  os::Result<os::LineConnection> connection = os::LineConnection::connect(socket_);
  if (!connection) return explain(connection.error().to_text(), connection.error().error_number);
  if (os::Result<void> sent = connection->send_all(request.dump() + "\n", limit_); !sent)
    return explain(std::string(os::text_of(sent.error().code)), 0);
  for (;;) {
    while (std::optional<base::Bytes> line = connection->next_line()) {
      Answer answer = read_answer(std::string(*line));
      if (!answer) return answer.error();
      if (!take(*answer)) return {NoAnswer::Kind::refused, "", ""};
    }
    pollfd polled{connection->fd(), POLLIN, 0};
    if (::poll(&polled, 1, -1) < 0 && errno != EINTR) return explain("cannot wait for it", errno);
    os::Result<void> filled = connection->fill();
    if (!filled && filled.error().code != os::Problem::would_block)
      return {NoAnswer::Kind::unreachable, "the gateway has stopped", ""};
  }
}

}  // namespace viaduct::client
