// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace viaduct::audit::model {

using Lines = std::vector<std::string>;

/// A configuration as a device holds and prints it, changed by commands as that device would change it. Each knows only
/// as much of its device as switching SIP off needs, and nothing of the readers: what they have in common would hide a
/// mistake that they have in common. A command that the device would refuse gives a test failure.
using Model = Lines (*)(const Lines& configuration, const Lines& commands);

/// Cisco IOS, ASA, PIX: blocks by indentation, `no`.
[[nodiscard]] Lines indented(const Lines& configuration, const Lines& commands);
/// VyOS, EdgeOS and Junos as lines of `set`.
[[nodiscard]] Lines set_lines(const Lines& configuration, const Lines& commands);
/// VyOS and EdgeOS in braces.
[[nodiscard]] Lines vyos_braces(const Lines& configuration, const Lines& commands);
/// Junos in braces.
[[nodiscard]] Lines junos_braces(const Lines& configuration, const Lines& commands);
/// FortiOS: `config`, `edit`, `set`, `unset`, `delete`, `next`, `end`.
[[nodiscard]] Lines fortios(const Lines& configuration, const Lines& commands);
/// OpenWrt: `uci set`, `delete`, `add_list`, `del_list`, on files of /etc/config and on what `uci show` prints.
[[nodiscard]] Lines uci(const Lines& configuration, const Lines& commands);

/// Without blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view line);
/// Its words, without quotes.
[[nodiscard]] Lines words_of(std::string_view line);
[[nodiscard]] std::string joined(const Lines& words);
/// Whether both set one timer, which has one value: the later takes the place of the earlier. `above`: what it stands
/// in.
[[nodiscard]] bool same_timer(const Lines& a, const Lines& b, const Lines& above = {});

}  // namespace viaduct::audit::model
