// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"

#include <vector>

namespace viaduct::audit {

/// What one file or one command says in a text that holds several: `==> FILE <==` of tail, `==== FILE ====`, `# ####
/// File: NAME #####` of a collecting script, `::::` above and below of more, and what stands behind a prompt
/// (`root@gw:~# COMMAND`, `[root@gw ~]# COMMAND`, `console> COMMAND`, `> COMMAND`; `# COMMAND` if the text begins with
/// one). People's own scripts draw rows of one sign before it (`-----`,
/// `>>>`, `###`): such a line counts where it names a file or a command that is known, and then all lines that are
/// drawn alike do.
struct Section {
  Bytes title{};            ///< file or command; empty before the first head
  Bytes host{};             ///< that a prompt named
  std::uint32_t head = 0;   ///< line of the title; 0 without one
  std::uint32_t first = 1;  ///< line of the content
  std::uint32_t last = 0;   ///< its last line; before `first` if there is none
  /// The title may be a comment of the section before, a file of commands, of which these lines are then.
  bool goes_on = false;

  /// Whether `word` stands in the title, alone or as an end or a beginning of a path.
  [[nodiscard]] bool of(Bytes word) const { return title.find(word) != Bytes::npos; }
};

/// One at least; in the order of the text. They borrow from it.
[[nodiscard]] std::vector<Section> sections_of(const Text& text);

}  // namespace viaduct::audit
