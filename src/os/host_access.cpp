// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/host_access.hpp"

#include "os/file.hpp"
#include "os/nft_text.hpp"

#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace viaduct::os {
namespace {

constexpr std::string_view kBegin = "# viaduct begin (kept by viaduct-gateway firewall-rule)";
constexpr std::string_view kEnd = "# viaduct end";

/// Daemons are often started with a PATH that lacks the folders of iptables and tc.
constexpr std::string_view kPathFolders = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

/// [begin, end) of our block with its marker lines; both npos when there is none.
struct BlockPlace {
  std::size_t begin = std::string::npos;
  std::size_t end = std::string::npos;
};

BlockPlace find_block(const std::string& content) {
  BlockPlace place;
  std::size_t begin = content.find(kBegin);
  if (begin == std::string::npos) return place;
  std::size_t end = content.find(kEnd, begin);
  if (end == std::string::npos) return place;
  end += kEnd.size();
  if (end < content.size() && content[end] == '\n') ++end;
  place.begin = begin;
  place.end = end;
  return place;
}

}  // namespace

Result<ProcessOutcome> SystemHost::run(const std::vector<std::string>& arguments, const std::string& input) {
  ProcessOptions options;
  options.input = input;
  return os::run(arguments, options);
}

bool SystemHost::has_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? std::string(kPathFolders) : std::string(path);
  std::size_t at = 0;
  while (at <= folders.size()) {
    std::size_t end = std::min(folders.find(':', at), folders.size());
    std::string file = folders.substr(at, end - at) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return true;
    at = end + 1;
  }
  return false;
}

Result<std::string> SystemHost::read(const std::string& path) {
  return read_file(path);
}

Result<void> SystemHost::write(const std::string& path, const std::string& content, unsigned mode) {
  struct stat status {};
  // A configuration file may be a link into a git checkout or an overlay: its target is what must change.
  std::error_code error;
  std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
  if (error) return fail_errno("write " + path, error.value());
  std::filesystem::create_directories(target.parent_path(), error);
  if (error) return fail_errno("make folder " + target.parent_path().string(), error.value());
  if (::stat(target.c_str(), &status) == 0) mode = status.st_mode & 07777U;
  return replace_file(target.string(), content, mode);
}

Result<void> SystemHost::set(const std::string& path, const std::string& value) {
  return write_setting(path, value);
}

Result<void> SystemHost::remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return fail_errno("remove " + path, errno);
}

std::vector<std::string> SystemHost::list(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> SystemHost::ruleset_json() {
  return list_ruleset_json();
}

std::string Step::to_text() const {
  std::string text;
  for (const std::string& argument : arguments) {
    if (!text.empty()) text += ' ';
    text += shell_word(argument);
  }
  if (!input.empty()) text += " <<< " + shell_word(input);
  return text;
}

Result<void> carry_out(Host& host, const Step& step) {
  Result<ProcessOutcome> outcome = host.run(step.arguments, step.input);
  if (!outcome) return std::unexpected(outcome.error());
  if (outcome->ok()) return {};
  std::string words = outcome->errors.empty() ? outcome->output : outcome->errors;
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return fail(Problem::failed, step.to_text() + ": " + words);
}

std::string with_block(const std::string& content, const std::string& block, std::size_t at) {
  std::string text = content;
  BlockPlace place = find_block(text);
  if (place.begin != std::string::npos) {
    text.erase(place.begin, place.end - place.begin);
    at = place.begin;
  }
  if (block.empty()) return text;
  if (at == std::string::npos) {
    if (!text.empty() && text.back() != '\n') text += '\n';
    at = text.size();
  }
  std::string lines = std::string(kBegin) + '\n' + block;
  if (lines.back() != '\n') lines += '\n';
  text.insert(at, lines + std::string(kEnd) + '\n');
  return text;
}

std::string block_in(const std::string& content) {
  BlockPlace place = find_block(content);
  if (place.begin == std::string::npos) return {};
  std::size_t begin = place.begin + kBegin.size() + 1;
  return content.substr(begin, content.find(kEnd, begin) - begin);
}

}  // namespace viaduct::os
