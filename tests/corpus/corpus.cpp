// SPDX-License-Identifier: GPL-2.0-or-later
#include "corpus.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace viaduct::corpus {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells{""};
  for (char c : line) {
    if (c == '\t')
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  return cells;
}

/// EXPECTED.tsv of the two RFC folders, by file name.
[[nodiscard]] std::map<std::string, Asked> asked_by_rfc(const fs::path& folder) {
  std::map<std::string, Asked> asked;
  for (const Row& row : read_tsv(folder / "EXPECTED.tsv")) {
    const std::string& parser = row.at("parser");
    asked[row.at("file")] = parser == "accept"              ? Asked::accept
                            : parser == "reject"            ? Asked::refuse
                            : parser == "reject-or-lenient" ? Asked::either
                                                            : Asked::parse_only;
  }
  return asked;
}

[[nodiscard]] std::map<std::string, Asked> asked_by_jain() {
  std::map<std::string, Asked> asked;
  for (const Row& row : read_tsv(sip_folder() / "jain-sip-torture/EXPECTED.tsv"))
    asked[row.at("file")] = row.at("jain_expectation") == "accept" ? Asked::accept : Asked::refuse;
  return asked;
}

/// Files of libosip2 begin with `expected_error:CODE words`, or have none and were meant to be read.
[[nodiscard]] Asked take_osip_expectation(Sample& sample) {
  const bool broken_by_name = sample.name.find("malformed") != std::string::npos;
  if (!sample.octets.starts_with("expected_error:")) return broken_by_name ? Asked::refuse : Asked::accept;
  const bool fine = sample.octets.starts_with("expected_error:0");
  const std::size_t end = sample.octets.find('\n');
  if (end != std::string::npos) sample.octets.erase(0, end + 1);
  return fine ? Asked::accept : Asked::refuse;
}

[[nodiscard]] Asked asked_by_kamailio(const std::string& file) {
  const bool bad = file.starts_with("bad_") || file.find("-bad") != std::string::npos;
  return bad ? Asked::refuse : Asked::nothing;
}

[[nodiscard]] Sample sample_of(const fs::path& path) {
  Sample sample;
  sample.name = path.lexically_relative(sip_folder()).string();
  sample.folder = sample.name.substr(0, sample.name.find('/'));
  sample.octets = read_file(path);
  sample.real_traffic = sample.folder == "from-pcap" || sample.folder == "vendor";
  return sample;
}

[[nodiscard]] std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() != ".tsv") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

fs::path sip_folder() {
  return fs::path(VIADUCT_CORPUS_DIR) / "sip";
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

std::vector<std::string> captures() {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(VIADUCT_CORPUS_DIR) / "pcap"))
    found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

fs::path capture_path(const std::string& name) {
  return fs::path(VIADUCT_CORPUS_DIR) / "pcap" / name;
}

std::string truth_of(const std::string& name) {
  return read_file(fs::path(VIADUCT_CORPUS_DIR) / "truth" / (name + ".json"));
}

std::string test_name(std::string file) {
  std::replace_if(
      file.begin(), file.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return file;
}

std::vector<Row> read_tsv(const fs::path& path) {
  std::istringstream lines(read_file(path));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> names = cells_of(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i < cells.size() ? cells[i] : "";
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Sample> messages() {
  const std::map<std::string, Asked> rfc4475 = asked_by_rfc(sip_folder() / "rfc4475");
  const std::map<std::string, Asked> rfc5118 = asked_by_rfc(sip_folder() / "rfc5118");
  const std::map<std::string, Asked> jain = asked_by_jain();
  const auto look_up = [](const std::map<std::string, Asked>& in, const std::string& file) {
    return in.contains(file) ? in.at(file) : Asked::nothing;
  };
  std::vector<Sample> samples;
  for (const fs::path& path : files_below(sip_folder())) {
    Sample sample = sample_of(path);
    const std::string file = path.filename().string();
    if (sample.folder == "tcp-streams" || sample.folder == "sdp" || sample.folder == "pjsip-seeds" ||
        sample.folder == "libosip2-headers" || sample.folder == "misc")
      continue;
    if (sample.folder == "rfc4475") sample.asked = look_up(rfc4475, file);
    if (sample.folder == "rfc5118") sample.asked = look_up(rfc5118, file);
    if (sample.folder == "jain-sip-torture") sample.asked = look_up(jain, file);
    if (sample.folder == "kamailio") sample.asked = asked_by_kamailio(file);
    if (sample.folder == "libosip2") sample.asked = take_osip_expectation(sample);
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::vector<Sample> sdp_bodies() {
  std::vector<Sample> samples;
  for (const fs::path& path : files_below(sip_folder()))
    if (path.extension() == ".sdp") samples.push_back(sample_of(path));
  return samples;
}

}  // namespace viaduct::corpus
