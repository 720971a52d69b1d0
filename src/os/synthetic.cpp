// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/synthetic.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <array>
#include <atomic>
#include <nftables/libnftables.h>
#include <random>
#include <thread>
#include <utility>

namespace viaduct::os {
namespace {

std::string words_of(nft_ctx* context) {
  const char* words = nft_ctx_get_error_buffer(context);
  return words == nullptr ? std::string() : std::string(base::trim(words));
}

}  // namespace

void SyntheticRig::ContextEnd::operator()(nft_ctx* context) const {
  nft_ctx_free(context);
}

Result<SyntheticRig> SyntheticRig::open(Host& host) {
  Result<Tun> tun = Tun::create("vdprobe%d");
  if (!tun) return std::unexpected(tun.error());
  Context context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (context == nullptr) return fail(Problem::out_of_resources, "open nftables");
  nft_ctx_buffer_output(context.get());
  nft_ctx_buffer_error(context.get());
  SyntheticRig rig(host, std::move(*tun), std::move(context));
  std::random_device random;
  rig.seed_ = random() & 0x7fff;
  rig.token_ = static_cast<Token>(random()) << 32 | random();
  if (Result<void> made = rig.make_table(); !made) return std::unexpected(made.error());
  if (Result<void> up = rig.tun_.bring_up(); !up) return std::unexpected(up.error());
  return rig;
}

Result<void> SyntheticRig::make_table() {
  static std::atomic<std::uint32_t> number = 0;
  std::string name = "inet viaduct_probe_" + std::to_string(::getpid()) + "_" + std::to_string(number.fetch_add(1));
  Result<TableGuard> guard = TableGuard::watch(name);
  if (!guard) return std::unexpected(guard.error());
  std::string script = "add table " + name;
  if (nft_run_cmd_from_buffer(context_.get(), script.c_str()) != 0)
    return fail(Problem::failed, "make nftables table " + name + ": " + words_of(context_.get()),
                "run as root; the kernel needs nf_tables");
  guard_ = std::move(*guard);
  table_ = name;
  return {};
}

void SyntheticRig::pause() {
  std::this_thread::sleep_for(kStep);
}

Result<void> SyntheticRig::nft(std::string script) {
  constexpr std::string_view kPlace = "@T";
  for (std::size_t at = script.find(kPlace); at != std::string::npos; at = script.find(kPlace, at + table_.size()))
    script.replace(at, kPlace.size(), table_);
  if (nft_run_cmd_from_buffer(context_.get(), script.c_str()) == 0) return {};
  return fail(Problem::invalid, "nftables: " + words_of(context_.get()));
}

Result<std::map<std::string, std::uint64_t>> SyntheticRig::counters() {
  nft_ctx_output_set_flags(context_.get(), NFT_CTX_OUTPUT_JSON);
  std::string command = "list counters table " + table_;
  int status = nft_run_cmd_from_buffer(context_.get(), command.c_str());
  nft_ctx_output_set_flags(context_.get(), 0);
  if (status != 0) return fail(Problem::failed, "read counters: " + words_of(context_.get()));
  nlohmann::json document = nlohmann::json::parse(nft_ctx_get_output_buffer(context_.get()), nullptr, false);
  std::map<std::string, std::uint64_t> found;
  if (!document.is_object() || !document["nftables"].is_array())
    return fail(Problem::malformed_answer, "read counters");
  for (const nlohmann::json& entry : document["nftables"]) {
    if (!entry.contains("counter") || !entry["counter"].is_object()) continue;
    const nlohmann::json& counter = entry["counter"];
    if (counter.contains("name") && counter["name"].is_string() && counter.contains("packets") &&
        counter["packets"].is_number_unsigned())
      found[counter["name"].get<std::string>()] = counter["packets"].get<std::uint64_t>();
  }
  return found;
}

/// Points the TUN interface's arrivals at `interface`; empty: lets them arrive where they are.
Result<void> SyntheticRig::aim(const std::string& interface) {
  if (interface == aimed_) return {};
  if (!clsact_) {
    if (Result<void> made = carry_out(*host_, {{"tc", "qdisc", "add", "dev", device(), "clsact"}, {}}); !made)
      return fail(Problem::not_supported, made.error().to_text(), "install iproute2; the kernel needs sch_ingress");
    clsact_ = true;
  }
  if (!aimed_.empty()) {
    if (Result<void> gone = carry_out(*host_, {{"tc", "filter", "del", "dev", device(), "ingress"}, {}}); !gone)
      return gone;
    aimed_.clear();
  }
  if (interface.empty()) return {};
  std::vector<std::string> command = {"tc", "filter", "add", "dev", device(), "ingress", "protocol", "all"};
  const std::array<std::vector<std::string>, 2> classifiers = {
      std::vector<std::string>{"u32", "match", "u32", "0", "0"}, std::vector<std::string>{"matchall"}};
  Result<void> made;
  for (const std::vector<std::string>& classifier : classifiers) {
    Step step{command, {}};
    step.arguments.insert(step.arguments.end(), classifier.begin(), classifier.end());
    for (const char* word : {"action", "mirred", "ingress", "redirect", "dev"}) step.arguments.emplace_back(word);
    step.arguments.push_back(interface);
    made = carry_out(*host_, step);
    if (made) break;
  }
  if (!made) return fail(Problem::not_supported, made.error().to_text(), "the kernel needs act_mirred");
  aimed_ = interface;
  return {};
}

Result<void> SyntheticRig::inject(base::Bytes packet, const std::string& interface) {
  if (Result<void> aimed = aim(interface); !aimed) return aimed;
  return tun_.write(packet);
}

}  // namespace viaduct::os
