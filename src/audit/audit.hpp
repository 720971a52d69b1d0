// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/joined.hpp"
#include "audit/recognition.hpp"
#include "finding/result.hpp"

#include <string>
#include <vector>

namespace viaduct::audit {

/// One configuration that is to be read.
struct Source {
  std::string name;  ///< as it is shown: "backups.tar.gz:site7/r1.cfg"
  std::string octets;
  std::string problem{};             ///< why there are none: "cannot be read: Permission denied"
  std::string doubt{};               ///< why they may not be all of the device
  std::vector<std::string> files{};  ///< that the octets were put together from (joined.hpp); empty: they are one file
};

/// What one file says, apart from all others.
struct Audited {
  Device device;
  finding::InputSummary input;             ///< its octets are those of this device, where the file holds several
  std::uint32_t first_line = 0;            ///< of the device, where the file holds several; else 0
  Joined joined{};                         ///< where its lines stand
  std::vector<finding::Finding> findings;  ///< their input is 0
};

/// Reads and judges one file; may run in several threads at once.
[[nodiscard]] Audited audit(std::string name, std::string octets, const Catalogue& catalogue,
                            const Recogniser& recogniser);

/// The same for each device of a file that holds several whole configurations one behind another (form.hpp), in their
/// order; one Audited for any other file. Lines are those of the file.
[[nodiscard]] std::vector<Audited> audit_each(Source source, const Catalogue& catalogue, const Recogniser& recogniser);

/// Puts one file's result behind those that are there.
void add(finding::Result& result, const Audited& one, const Catalogue& catalogue);

/// Verdict, sentence and cause of the whole; to be called once, at the end.
void conclude(finding::Result& result);

}  // namespace viaduct::audit
