// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <expected>
#include <functional>
#include <string>

namespace viaduct::client {

using Json = nlohmann::ordered_json;

inline constexpr const char* kDefaultSocket = "/run/viaduct/gateway.sock";

/// Why there is no answer: one line what, one line what to do about it.
struct NoAnswer {
  enum class Kind {
    unreachable,  ///< no gateway, no permission, no reply in time
    refused,      ///< the gateway answered with an error
  };
  Kind kind = Kind::unreachable;
  std::string text;
  std::string advice;
};

using Answer = std::expected<Json, NoAnswer>;

/// Asks the gateway at a socket path. Every question is a connection of its own.
class Gateway {
 public:
  explicit Gateway(std::string socket, base::Duration limit = std::chrono::seconds(5))
      : socket_(std::move(socket)), limit_(limit) {}

  [[nodiscard]] Answer ask(const Json& request) const;
  /// Asks for all pages of a list and joins them: the arrays under the keys of a page grow, "next" is null at the end.
  [[nodiscard]] Answer ask_all(Json request) const;
  /// Calls `take` for every line of a stream until it returns false or the gateway goes away.
  [[nodiscard]] NoAnswer stream(const Json& request, const std::function<bool(const Json&)>& take) const;

 private:
  [[nodiscard]] NoAnswer explain(const std::string& failure, int error_number) const;

  std::string socket_;
  base::Duration limit_;
};

}  // namespace viaduct::client
