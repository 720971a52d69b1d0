// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/input.hpp"

#include "capture/reader.hpp"
#include "finding/result.hpp"

#include <system_error>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <tuple>

namespace viaduct::app::analyze {
namespace {

namespace fs = std::filesystem;

struct Found {
  capture::Time begin{};
  std::string path;
};

/// When a capture begins; without a frame that has a time, at the end of all. The error: why it is none.
[[nodiscard]] std::expected<capture::Time, std::string> begin_of(const std::string& path) {
  std::expected<capture::CaptureReader, int> reader = capture::CaptureReader::open(path);
  if (!reader) return std::unexpected(std::strerror(reader.error()));
  for (capture::Record record; reader->next(record);)
    if (record.timed) return record.time;
  const std::optional<capture::Cut>& cut = reader->cut();
  if (cut && cut->reason == capture::CutReason::not_a_capture)
    return std::unexpected(std::string(capture::text(cut->reason)));
  return capture::Time::max();
}

/// The captures below a directory; false if it cannot be read.
[[nodiscard]] bool look_into(const fs::path& directory, std::vector<Found>& found, std::vector<std::string>& notes) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    std::error_code none;
    if (at->is_regular_file(none)) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  for (std::string& file : files) {
    if (const std::expected<capture::Time, std::string> begin = begin_of(file))
      found.push_back({*begin, std::move(file)});
    else
      notes.push_back("skipped " + file + ": " + begin.error());
  }
  if (error) notes.push_back("not all of " + directory.string() + " could be read: " + error.message());
  return !error || !found.empty();
}

/// One word of the command line.
[[nodiscard]] std::expected<void, std::string> add(const std::string& path, const std::string& site, call::Point point,
                                                   InputList& list) {
  std::error_code none;
  if (path == "-" || !fs::is_directory(path, none)) {
    list.inputs.push_back({path, site, point});
    return {};
  }
  std::vector<Found> found;
  if (!look_into(path, found, list.notes)) return std::unexpected("cannot read " + path + ": " + list.notes.back());
  if (found.empty()) return std::unexpected("there is no capture in " + path);
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return std::tie(a.begin, a.path) < std::tie(b.begin, b.path); });
  for (Found& one : found) list.inputs.push_back({std::move(one.path), site, point});
  return {};
}

}  // namespace

std::expected<InputList, std::string> list_inputs(const std::vector<std::string>& files,
                                                  const std::vector<std::string>& sites) {
  InputList list;
  for (const std::string& file : files)
    if (const auto added = add(file, "", 0, list); !added) return std::unexpected(added.error());
  std::vector<std::string> names;
  for (const std::string& word : sites) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size())
      return std::unexpected("'" + word + "' is not NAME=PATH");
    const std::string name = word.substr(0, equals);
    const auto known = std::find(names.begin(), names.end(), name);
    const auto point = static_cast<call::Point>(known - names.begin() + 1);
    if (known == names.end()) names.push_back(name);
    if (const auto added = add(word.substr(equals + 1), name, point, list); !added)
      return std::unexpected(added.error());
  }
  if (list.inputs.size() > finding::Result::kMaxInputs)
    return std::unexpected("more than " + std::to_string(finding::Result::kMaxInputs) + " files");
  // One site after the other: each has its own clock.
  std::stable_sort(list.inputs.begin(), list.inputs.end(),
                   [](const Input& a, const Input& b) { return a.point < b.point; });
  return list;
}

}  // namespace viaduct::app::analyze
