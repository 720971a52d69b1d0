// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/sections.hpp"
#include "audit/text.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

namespace viaduct::audit::products {

/// Paths of the files that stand in a text.
using Files = std::set<Bytes>;
[[nodiscard]] Files files_of(const std::vector<Section>& sections);

/// Each path below /etc or /root that a text names, with its slash. Lives as long as the text.
[[nodiscard]] Files paths_in(Bytes text);

/// How a section is run.
enum class Runs : std::uint8_t {
  no,       ///< a list, settings, or the answer of a command
  package,  ///< a script of /etc/init.d, which packages bring and which name many files that they only read
  script,   ///< what people write: /etc/rc.local, /etc/firewall.user, *.sh, and what such files name
  table,    ///< a crontab: five fields come before the command
};
/// Of each section.
[[nodiscard]] std::vector<Runs> runs_of(const Text& text, const std::vector<Section>& sections);

/// One command of a script.
struct Command {
  std::vector<Bytes> words;
  std::uint32_t line = 0;
};
/// Puts what variables hold, where that may be a path, in their place; the words live as long as what is returned.
[[nodiscard]] std::deque<std::string> put_values(std::vector<Command>& commands, Runs how);
/// The files below /etc and /root that it names, as far as its program is not known to read, write or move them only;
/// `fed`: a program that runs what it reads stands on its line.
[[nodiscard]] std::vector<Bytes> files_run_by(const Command& command, Runs how, bool fed);
/// Whether a word is nft, under any of its names.
[[nodiscard]] bool is_nft(Bytes word);
/// Whether it is a program that runs what it reads, or reads rules: `sh`, `nft`, `iptables-restore`, or a variable.
[[nodiscard]] bool runs_what_it_reads(const Command& command);

}  // namespace viaduct::audit::products
