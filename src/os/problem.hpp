// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace viaduct::os {

/// Why the system refused, as far as a caller can act on it. Closed: text_of() has one line for each.
enum class Problem : std::uint8_t {
  not_permitted,     ///< capability or file permission missing
  not_supported,     ///< this kernel or build does not have it
  not_found,         ///< no such file, interface, element, entry
  already_exists,    ///< there is one, and it is not the same
  busy,              ///< somebody else holds it
  would_block,       ///< nothing there now; ask again when the descriptor is ready
  timed_out,         ///< the time allowed is over
  closed,            ///< the other side went away
  too_big,           ///< a limit of ours or of the kernel
  out_of_resources,  ///< memory, descriptors, disk space, socket buffers
  invalid,           ///< the kernel or a library calls our request wrong, or its text has an error
  malformed_answer,  ///< an answer we cannot read
  failed,            ///< anything else: see error_number
};

/// What went wrong in a call to the system. Same `code` and `offset` as base::Error, plus what a person
/// needs: what was tried, the errno, and what to do. Values are only built on failure, so the text may allocate.
struct Failure {
  Problem code = Problem::failed;
  std::uint32_t offset = 0;  ///< index of the failing element or octet where one makes sense, else 0
  int error_number = 0;      ///< errno, 0 when no system call is to blame
  std::string action;        ///< what was tried, with its object: "bind /run/viaduct/gateway.sock"; may be empty
  std::string advice;        ///< what to do about it; may be empty

  /// "bind /run/viaduct/gateway.sock: Permission denied. Run as root or give CAP_NET_ADMIN."
  [[nodiscard]] std::string to_text() const;
};

template <class T>
using Result = std::expected<T, Failure>;

/// One line in plain words.
[[nodiscard]] std::string_view text_of(Problem problem);

/// The Problem that an errno stands for; 0 and unknown numbers give `failed`.
[[nodiscard]] Problem problem_of(int error_number);

/// Shorthand for `return fail_errno("open /dev/net/tun", errno);`. Adds advice for the usual causes
/// (missing capability, missing kernel option) unless one is given.
[[nodiscard]] std::unexpected<Failure> fail_errno(std::string action, int error_number, std::string advice = {},
                                                  std::size_t offset = 0);
/// The same where no errno exists.
[[nodiscard]] std::unexpected<Failure> fail(Problem code, std::string action, std::string advice = {},
                                            std::size_t offset = 0);

}  // namespace viaduct::os
