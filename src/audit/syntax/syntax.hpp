// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"
#include "audit/tree.hpp"

namespace viaduct::audit::syntax {

/// Each makes the tree of one way to write configurations. What does not fit is told as a problem of the tree and left out;
/// no text is refused. The tree borrows from the text.

/// Blocks by indentation: IOS, ASA, Huawei VRP, Comware, AOS. A line is a path of words; lines that stand deeper
/// belong to it. Lines of `!` and `#` are comments, and a `#` alone ends all blocks; prompts as `[Huawei]`, banners and certificates are left out.
void indented(const Text& text, Tree& tree);
/// Banners of IOS go on to their delimiter; those of ASA are lines of their own, in which a `(` or `-` is no delimiter.
enum class Banners : std::uint8_t { delimited, lines };
void indented(const Text& text, Tree& tree, Banners banners);

/// Blocks in braces: Junos (statements end with `;`), VyOS, EdgeOS (with the line). `a [ b c ]` are two values of a. `inactive:` and
/// comments of both are known.
void braces(const Text& text, Tree& tree);

/// Lines of `set`, `delete`, `activate`, `deactivate`: Junos, VyOS, PAN-OS. Other lines are left out.
void set_lines(const Text& text, Tree& tree);

/// Braces, lines of `set` or JSON, as the first line tells that can be only one of them: what Junos, VyOS and EdgeOS print.
void hierarchy(const Text& text, Tree& tree);

/// FortiOS: `config PATH` ... `edit KEY` ... `set NAME VALUES` ... `next` ... `end`. Quoted values may go over lines.
void fortios(const Text& text, Tree& tree);

/// RouterOS `/export`: `/ip firewall nat` then `add chain=... action=...` or `set [ find default-name=ether1 ] ...`. Commands are
/// appended under their menu in order: verb, then what it names without `=`, then each key with its value.
void routeros(const Text& text, Tree& tree);

/// OpenWrt's files in /etc/config (`config TYPE 'NAME'`, `option KEY 'VALUE'`, `list KEY 'VALUE'`) and `uci show` (`firewall.wan=zone`). Package,
/// then section (type with its name or number: sections are appended in order), then key, then value. Sections have `@type`.
void uci(const Text& text, Tree& tree);

/// Elements become words; `<entry name="x">` and `<member>x</member>` become x, as PAN-OS's `set` has them; text is a word.
void xml(const Text& text, Tree& tree);

/// Keys become words, values words under them; items of arrays are appended under `[]`.
void json(const Text& text, Tree& tree);

/// `key = value`, `key=value`, `key value` a line (sysctl, NVRAM, modprobe): key, then value. `#` and `;` begin comments.
void keys(const Text& text, Tree& tree);

}  // namespace viaduct::audit::syntax
