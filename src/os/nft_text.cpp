// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/nft_text.hpp"

#include "base/text.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "os/netlink.hpp"

#include <linux/netlink.h>
#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <nftables/libnftables.h>

namespace viaduct::os {
namespace {

struct FreeContext {
  void operator()(nft_ctx* context) const { nft_ctx_free(context); }
};
using Context = std::unique_ptr<nft_ctx, FreeContext>;

Result<Context> make_context() {
  // libnftables ends the process when it cannot open its socket, so look first.
  const Result<Netlink> probe = Netlink::open(NETLINK_NETFILTER);
  if (!probe) return std::unexpected(probe.error());
  Context context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (context == nullptr || nft_ctx_buffer_output(context.get()) != 0 || nft_ctx_buffer_error(context.get()) != 0)
    return fail(Problem::out_of_resources, "start libnftables");
  return context;
}

struct Phrase {
  base::Bytes text;
  Problem problem;
};

// libnftables tells the errno in words only.
constexpr Phrase kPhrases[] = {
    {"Operation not permitted", Problem::not_permitted}, {"Operation not supported", Problem::not_supported},
    {"Device or resource busy", Problem::busy},          {"File exists", Problem::already_exists},
    {"No such file or directory", Problem::not_found},   {"Out of memory", Problem::out_of_resources},
};

Failure failure_of(const std::string& words, const char* action) {
  for (const Phrase& phrase : kPhrases)
    if (words.find(phrase.text) != std::string::npos)
      return fail(phrase.problem, std::string(action) + ": " + words,
                  phrase.problem == Problem::not_permitted ? "Run as root or give CAP_NET_ADMIN." : "")
          .error();
  return fail(Problem::invalid, std::string(action) + ": " + words).error();
}

std::string without(std::string text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) text.erase(at, word.size());
  return text;
}

// As a file in memory: for a script that is handed over as a string libnftables shows the wrong line.
Result<std::string> run(nft_ctx& context, const std::string& script, const char* action) {
  const Fd fd(::memfd_create("nft", MFD_CLOEXEC));
  if (!fd.valid()) return fail_errno(action, errno);
  const std::string path = "/proc/self/fd/" + std::to_string(fd.get());
  if (Result<void> written = write_setting(path, script); !written) return std::unexpected(written.error());
  if (nft_run_cmd_from_filename(&context, path.c_str()) == 0) return std::string(nft_ctx_get_output_buffer(&context));
  const std::string words(base::trim(nft_ctx_get_error_buffer(&context)));
  return std::unexpected(failure_of(without(words, path + ":"), action));
}

Result<void> run_script(const std::string& script, bool dry) {
  const Result<Context> context = make_context();
  if (!context) return std::unexpected(context.error());
  nft_ctx_set_dry_run(context->get(), dry);
  const Result<std::string> done = run(**context, script, dry ? "check nftables rules" : "load nftables rules");
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<std::string> list(const std::string& command, unsigned flags) {
  const Result<Context> context = make_context();
  if (!context) return std::unexpected(context.error());
  nft_ctx_output_set_flags(context->get(), flags);
  return run(**context, command, "list nftables rules");
}

}  // namespace

Result<void> run_nft(const std::string& script) {
  return run_script(script, false);
}

Result<void> check_nft(const std::string& script) {
  return run_script(script, true);
}

Result<std::string> list_ruleset_json() {
  return list("list ruleset", NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_HANDLE | NFT_CTX_OUTPUT_NUMERIC_ALL);
}

Result<std::string> list_nft(const std::string& command) {
  return list(command, NFT_CTX_OUTPUT_NUMERIC_ALL);
}

}  // namespace viaduct::os
