// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"
#include "audit/tree.hpp"

namespace viaduct::audit::syntax {

/// Each makes the tree of one way to write configurations. What does not fit is told as a problem of the tree and left
/// out; no text is refused. The tree borrows from the text.

/// Blocks by indentation: IOS, ASA, Huawei VRP, Comware, AOS. A line is a path of words; lines that stand deeper
/// belong to it. Lines of `!` and `#` are comments, and a `#` alone ends all blocks; banners and certificates are left
/// out, and so are prompts as
/// `[Huawei]` and `Router(config-if)#`, which say how deep what is behind them stands. `no X` takes the statement X
/// away.
void indented(const Text& text, Tree& tree);
/// Banners of IOS go on to their delimiter; those of ASA are lines of their own, in which a `(` or `-` is no delimiter.
enum class Banners : std::uint8_t { delimited, lines };
void indented(const Text& text, Tree& tree, Banners banners);

/// Blocks in braces: Junos (statements end with `;`), VyOS, EdgeOS (with the line). `a [ b c ]` are two values of a.
/// `inactive:` and comments of both are known.
void braces(const Text& text, Tree& tree);

/// Lines of `set`, `delete`, `activate`, `deactivate`: Junos, VyOS, PAN-OS. Other lines are left out.
void set_lines(const Text& text, Tree& tree);

/// Braces, lines of `set` or JSON, as the first line tells that can be only one of them: what Junos, VyOS and EdgeOS
/// print.
void hierarchy(const Text& text, Tree& tree);

/// FortiOS: `config PATH` ... `edit KEY` ... `set NAME VALUES` ... `next` ... `end`. Quoted values may go over lines.
/// Of a recorded session what was typed and what was printed, with the name in the prompts under `prompt`.
void fortios(const Text& text, Tree& tree);

/// RouterOS `/export`: `/ip firewall nat` then `add chain=... action=...` or `set [ find default-name=ether1 ] ...`.
/// Commands are appended under their menu in order: verb, then what it names without `=`, then each key with its value.
void routeros(const Text& text, Tree& tree);

/// OpenWrt's files in /etc/config (`config TYPE 'NAME'`, `option KEY 'VALUE'`, `list KEY 'VALUE'`) and `uci show`
/// (`firewall.wan=zone`). Package, then section (type with its name or number: sections are appended in order), then
/// key, then value. Sections have `@type`.
void uci(const Text& text, Tree& tree);

/// Elements become words; `<entry name="x">` and `<member>x</member>` become x, as PAN-OS's `set` has them; text is a
/// word.
void xml(const Text& text, Tree& tree);

/// Keys become words, values words under them; items of arrays are appended under `[]`.
void json(const Text& text, Tree& tree);

/// nft's own language, as `nft list ruleset` writes it and as files for `nft -f` have it: `table`, FAMILY, NAME, then
/// what stands in it as a path (`chain`, NAME; `ct`, `helper`, NAME). Statements of a chain that are no `type` or
/// `policy` are appended as `rule`, with their words appended in order; what stands in braces there is appended under
/// `{}`, with the right side of `a : b` under a.
void nft(const Text& text, Tree& tree);

/// iptables-save, and calls of iptables in a script: table, then chain, then each rule in order as `rule` (or `insert`,
/// `delete`) with its words appended, `--dport=5060` as two; counters before a rule are left out; `policy` for chains
/// that are declared.
void iptables_save(const Text& text, Tree& tree);

/// Lines `first` to `last` as a POSIX shell takes them apart: each command appended as `command`, with its words
/// appended, without quotes and what begins a condition or a loop; the lines of a here-document appended under `<<`.
/// Nothing is expanded.
void shell(const Text& text, std::uint32_t first, std::uint32_t last, Tree& tree);

/// A dump of commands and what they answered (sections.hpp): each appended as `command`, with the words of the command
/// as a path under `said`, and each line of the answer appended as `line` with its words appended.
void transcript(const Text& text, Tree& tree);

/// `options nf_conntrack_sip ports=5060 sip_timeout=3600` (modprobe.d): the first two words a path, each further word
/// under them, its value under it where it has one. `#` begins comments.
void directives(const Text& text, Tree& tree);

/// `[ connection.ini ]` and commands in it (SpeedTouch user.ini): section, then each command appended in order, its
/// `key=value` under it.
void ini(const Text& text, Tree& tree);

/// `key = value`, `key=value`, `key value` a line (sysctl, NVRAM, also with `nvram set` before it; `nvram unset` takes
/// one away; all of `nvram export`, and `nvram get` with its answer): key, then value. `#` and `;` begin comments.
void keys(const Text& text, Tree& tree);

}  // namespace viaduct::audit::syntax
