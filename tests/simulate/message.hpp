// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viaduct::simulate {

struct Header {
  std::string name, value;
};

/// A SIP message that is being written. Content-Length is added as it becomes text; of a header of that name the value
/// is what stands before the number, and its place and spelling are kept.
struct Message {
  std::string first;  ///< request or status line
  std::vector<Header> headers;
  std::vector<std::string> sdp;  ///< lines

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_response() const { return first.starts_with("SIP/2.0 "); }
  [[nodiscard]] int status() const { return is_response() ? std::stoi(first.substr(8, 3)) : 0; }
  /// The method, of a response that of its CSeq.
  [[nodiscard]] std::string method() const;

  /// The first header of that name (as the simulated phones spell it), or null.
  [[nodiscard]] Header* find(std::string_view name);
  [[nodiscard]] const Header* find(std::string_view name) const;
  /// Its value, empty if there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  void add(std::string name, std::string value) { headers.push_back({std::move(name), std::move(value)}); }
  /// The headers in the order of `names`; others at the end as they stood.
  void arrange(const std::vector<std::string_view>& names);
  /// The first SDP line that begins so, or null.
  [[nodiscard]] std::string* line(std::string_view begin);
  [[nodiscard]] const std::string* line(std::string_view begin) const;
};

/// Puts `now` where `before` stands and no other word goes on around it; true if that was anywhere.
bool replace_word(std::string& text, std::string_view before, std::string_view now);

}  // namespace viaduct::simulate
