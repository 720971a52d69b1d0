// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/run.hpp"

#include "audit/path_result.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <thread>

namespace viaduct::app::audit {
namespace {

using viaduct::audit::Audited;

/// Judges what it is given on as many cores as there are, and hands out the results in order; as many files wait in
/// memory as there are cores.
class Crew {
 public:
  Crew(const viaduct::audit::Catalogue& catalogue, std::function<void(const Audited&)> done)
      : catalogue_(catalogue),
        recogniser_(catalogue),
        done_(std::move(done)),
        most_(std::max(1U, std::thread::hardware_concurrency())) {}

  void take(Source source) {
    if (waiting_.size() >= most_) hand_out();
    waiting_.push_back(std::async(std::launch::async,
                                  [this, source = std::move(source)]() mutable { return judge(std::move(source)); }));
  }
  void finish() {
    while (!waiting_.empty()) hand_out();
  }

 private:
  /// One for each device in it.
  [[nodiscard]] std::vector<Audited> judge(Source source) const {
    std::vector<Audited> all = viaduct::audit::audit_each(std::move(source), catalogue_, recogniser_);
    for (Audited& one : all) name_behaviours(one, catalogue_);
    return all;
  }
  void hand_out() {
    const std::vector<Audited> all = waiting_.front().get();
    waiting_.pop_front();
    for (const Audited& one : all) done_(one);
  }

  const viaduct::audit::Catalogue& catalogue_;
  viaduct::audit::Recogniser recogniser_;
  std::function<void(const Audited&)> done_;
  std::size_t most_;
  std::deque<std::future<std::vector<Audited>>> waiting_;
};

}  // namespace

std::expected<finding::Result, std::string> run(std::vector<Source> sources, const std::vector<std::string>& paths,
                                                const viaduct::audit::Catalogue& catalogue,
                                                const std::function<void(const Audited&)>& judged) {
  finding::Result result;
  result.tool = "viaduct audit";
  Crew crew(catalogue, [&](const Audited& one) {
    viaduct::audit::add(result, one, catalogue);
    judged(one);
  });
  for (Source& source : sources) crew.take(std::move(source));
  const std::expected<void, std::string> read =
      for_each_source(paths, [&](Source source) { crew.take(std::move(source)); });
  if (!read) return std::unexpected(read.error());
  crew.finish();
  viaduct::audit::conclude(result);
  return result;
}

}  // namespace viaduct::app::audit
