// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/recognition.hpp"
#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::audit {

/// What one file says, apart from all others.
struct Audited {
  Device device;
  finding::InputSummary input;             ///< its octets are those of this device, where the file holds several
  std::uint32_t first_line = 0;            ///< of the device, where the file holds several; else 0
  std::vector<finding::Finding> findings;  ///< their input is 0
};

/// Reads and judges one file; may run in several threads at once. `problem` says why there are no octets, if there are
/// none.
[[nodiscard]] Audited audit(std::string name, std::string octets, const Catalogue& catalogue,
                            const Recogniser& recogniser, const std::string& problem = {});

/// The same for each device of a file that holds several whole configurations one behind another (form.hpp), in their
/// order; one Audited for any other file. Lines are those of the file.
[[nodiscard]] std::vector<Audited> audit_each(std::string name, std::string octets, const Catalogue& catalogue,
                                              const Recogniser& recogniser, const std::string& problem = {});

/// Puts one file's result behind those that are there.
void add(finding::Result& result, const Audited& one, const Catalogue& catalogue);

/// Verdict, sentence and cause of the whole; to be called once, at the end.
void conclude(finding::Result& result);

}  // namespace viaduct::audit
