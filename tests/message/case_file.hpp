// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace viaduct::cases {

/// One Markdown file of tests/cases/sip; tests/cases/sip/README.md describes the format.
struct CaseFile {
  std::filesystem::path path;
  std::string text;      ///< the whole file
  std::string octets;    ///< the message, decoded
  std::string expected;  ///< what `viaduct message` prints
  std::string json;      ///< what `viaduct message --json` prints; empty if the case has none
  std::string error;     ///< why the file could not be read; empty if it could
};

[[nodiscard]] CaseFile load(const std::filesystem::path& path);

/// All cases below a folder in order of their names, without README.md.
[[nodiscard]] std::vector<std::filesystem::path> find_cases(const std::filesystem::path& folder);

/// What the program prints for the message of a case, and the same in JSON.
[[nodiscard]] std::string actual_text(const CaseFile& file);
[[nodiscard]] std::string actual_json(const CaseFile& file);

/// The file with its expected blocks replaced by what the program prints now.
[[nodiscard]] std::string rewritten(const CaseFile& file);

/// Decodes one line of a `sip` block; false if an escape cannot be read.
[[nodiscard]] bool decode_line(base::Bytes line, std::string& octets);

}  // namespace viaduct::cases
