// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/problem.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace viaduct::os {
namespace {

struct ErrnoRow {
  int number;
  Problem problem;
};

constexpr ErrnoRow kErrnoRows[] = {
    {EPERM, Problem::not_permitted},
    {EACCES, Problem::not_permitted},
    {EROFS, Problem::not_permitted},
    {EOPNOTSUPP, Problem::not_supported},
    {EAFNOSUPPORT, Problem::not_supported},
    {EPROTONOSUPPORT, Problem::not_supported},
    {ENOSYS, Problem::not_supported},
    {ENOENT, Problem::not_found},
    {ENODEV, Problem::not_found},
    {ENXIO, Problem::not_found},
    {ESRCH, Problem::not_found},
    {ENETUNREACH, Problem::not_found},
    {EHOSTUNREACH, Problem::not_found},
    {EADDRNOTAVAIL, Problem::not_found},
    {EEXIST, Problem::already_exists},
    {EBUSY, Problem::busy},
    {EADDRINUSE, Problem::busy},
    {ETXTBSY, Problem::busy},
    {EAGAIN, Problem::would_block},
    {ETIMEDOUT, Problem::timed_out},
    {EPIPE, Problem::closed},
    {ECONNRESET, Problem::closed},
    {ECONNREFUSED, Problem::closed},
    {ENOTCONN, Problem::closed},
    {EMSGSIZE, Problem::too_big},
    {E2BIG, Problem::too_big},
    {EFBIG, Problem::too_big},
    {ENAMETOOLONG, Problem::too_big},
    {EOVERFLOW, Problem::too_big},
    {ENOMEM, Problem::out_of_resources},
    {ENOBUFS, Problem::out_of_resources},
    {EMFILE, Problem::out_of_resources},
    {ENFILE, Problem::out_of_resources},
    {ENOSPC, Problem::out_of_resources},
    {EDQUOT, Problem::out_of_resources},
    {EINVAL, Problem::invalid},
    {ERANGE, Problem::invalid},
    {ENOTDIR, Problem::invalid},
    {EISDIR, Problem::invalid},
    {ELOOP, Problem::invalid},
    {EBADMSG, Problem::malformed_answer},
    {EPROTO, Problem::malformed_answer},
};

// Indexed by Problem.
constexpr std::array<std::string_view, 13> kTexts = {
    "permission denied",
    "not supported by this kernel or build",
    "not found",
    "exists already, with other content",
    "in use by another process",
    "nothing there now",
    "timed out",
    "closed by the other side",
    "over a limit",
    "out of memory, descriptors, disk or buffer space",
    "refused as invalid",
    "an answer that cannot be read",
    "failed",
};
static_assert(kTexts.size() == static_cast<std::size_t>(Problem::failed) + 1);

std::string_view usual_advice(Problem problem) {
  switch (problem) {
    case Problem::not_permitted:
      return "Run as root or give CAP_NET_ADMIN.";
    case Problem::not_supported:
      return "The kernel option or module is missing.";
    case Problem::out_of_resources:
      return "Look at free memory, disk space and limits (ulimit -n).";
    default:
      return "";
  }
}

}  // namespace

std::string Failure::to_text() const {
  if (action.empty()) return advice;
  std::string text = action + ": ";
  text += error_number != 0 ? std::string_view(std::strerror(error_number)) : text_of(code);
  if (!advice.empty()) text += ". " + advice;
  return text;
}

std::string_view text_of(Problem problem) {
  return kTexts[static_cast<std::size_t>(problem)];
}

Problem problem_of(int error_number) {
  for (const ErrnoRow& row : kErrnoRows)
    if (row.number == error_number) return row.problem;
  return Problem::failed;
}

std::unexpected<Failure> fail_errno(std::string action, int error_number, std::string advice, std::size_t offset) {
  const Problem code = problem_of(error_number);
  if (advice.empty()) advice = usual_advice(code);
  return std::unexpected(
      Failure{code, static_cast<std::uint32_t>(offset), error_number, std::move(action), std::move(advice)});
}

std::unexpected<Failure> fail(Problem code, std::string action, std::string advice, std::size_t offset) {
  return std::unexpected(Failure{code, static_cast<std::uint32_t>(offset), 0, std::move(action), std::move(advice)});
}

}  // namespace viaduct::os
