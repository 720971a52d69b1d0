// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace viaduct::corpus {

/// The folder `sip` of the corpus.
[[nodiscard]] std::filesystem::path sip_folder();
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// The names of all captures, sorted.
[[nodiscard]] std::vector<std::string> captures();
[[nodiscard]] std::filesystem::path capture_path(const std::string& name);
/// JSON: what other tools found in a capture.
[[nodiscard]] std::string truth_of(const std::string& name);
/// The name of a file as the name of a test.
[[nodiscard]] std::string test_name(std::string file);

/// A table of tab separated values; the first line names the columns.
using Row = std::map<std::string, std::string>;
[[nodiscard]] std::vector<Row> read_tsv(const std::filesystem::path& path);

/// What the people who made or collected a file say about it.
enum class Asked : std::uint8_t {
  nothing,  ///< they do not say
  accept,
  refuse,
  either,      ///< refusing and a lenient reading are both right
  parse_only,  ///< a parser must read it; what uses it refuses
};

struct Sample {
  std::string name;    ///< relative to sip_folder(), also the key of INDEX.tsv
  std::string folder;  ///< its first component
  std::string octets;  ///< without the line of test metadata that files of libosip2 begin with
  Asked asked = Asked::nothing;
  bool real_traffic = false;  ///< was seen on a network, or copied from a trace
};

/// All whole messages of the corpus in the order of their names: not the streams, SDP bodies and value lists.
[[nodiscard]] std::vector<Sample> messages();
/// SDP bodies alone.
[[nodiscard]] std::vector<Sample> sdp_bodies();

}  // namespace viaduct::corpus
