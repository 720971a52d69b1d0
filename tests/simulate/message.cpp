// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/message.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::simulate {

std::string Message::text() const {
  std::string body;
  for (const std::string& line : sdp) body += line + "\r\n";
  const std::string length = std::to_string(body.size());
  std::string text = first + "\r\n";
  bool said = false;
  for (const auto& [name, value] : headers) {
    const bool is_length = base::iequals(name, "Content-Length");
    said = said || is_length;
    text.append(name).append(": ").append(value).append(is_length ? length : "").append("\r\n");
  }
  if (!said) text.append("Content-Length: ").append(length).append("\r\n");
  return text.append("\r\n").append(body);
}

std::string Message::method() const {
  const std::string_view from = is_response() ? value("CSeq") : std::string_view(first);
  const std::size_t blank = from.find(' ');
  return std::string(is_response() ? from.substr(blank + 1) : from.substr(0, blank));
}

Header* Message::find(std::string_view name) {
  const auto found = std::ranges::find_if(headers, [name](const Header& h) { return base::iequals(h.name, name); });
  return found == headers.end() ? nullptr : &*found;
}
const Header* Message::find(std::string_view name) const {
  return const_cast<Message*>(this)->find(name);
}

std::string_view Message::value(std::string_view name) const {
  const Header* header = find(name);
  return header == nullptr ? std::string_view() : std::string_view(header->value);
}

void Message::arrange(const std::vector<std::string_view>& names) {
  std::ranges::stable_sort(headers, {}, [&](const Header& header) { return std::ranges::find(names, header.name); });
}

std::string* Message::line(std::string_view begin) {
  const auto found = std::ranges::find_if(sdp, [begin](const std::string& line) { return line.starts_with(begin); });
  return found == sdp.end() ? nullptr : &*found;
}
const std::string* Message::line(std::string_view begin) const {
  return const_cast<Message*>(this)->line(begin);
}

bool replace_word(std::string& text, std::string_view before, std::string_view now) {
  const auto goes_on = [&](std::size_t at) {
    return at < text.size() && (base::kDigits.contains(text[at]) || text[at] == '.');
  };
  bool any = false;
  for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
    if ((at > 0 && goes_on(at - 1)) || goes_on(at + before.size())) {
      at += before.size();
      continue;
    }
    text.replace(at, before.size(), now);
    at += now.size();
    any = true;
  }
  return any;
}

}  // namespace viaduct::simulate
