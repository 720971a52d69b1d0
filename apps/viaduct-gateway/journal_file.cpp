// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/journal_file.hpp"

#include "alg/restore.hpp"
#include "os/clock.hpp"

#include <chrono>

namespace viaduct::gateway {
namespace {

// A reading this old says too little of what the wall clock was worth at the end.
constexpr base::Duration kReadingEvery = std::chrono::seconds(10);
// What the wall clock may differ from the last reading before it counts as set anew.
constexpr base::Duration kStep = std::chrono::seconds(2);

}  // namespace

JournalFile::JournalFile(std::string path) : path_(std::move(path)), boot_(os::boot_id().value_or("")) {}

os::Result<JournalFile::Loaded> JournalFile::load(alg::State& state) {
  const os::Result<std::string> content = os::read_file(path_, std::size_t{1} << 30);
  if (!content && content.error().code == os::Problem::not_found) return Loaded{};
  if (!content) return std::unexpected(content.error());
  const alg::Replay replay = alg::restore(*content, read_clocks(), state);
  Loaded loaded{replay.records, replay.torn, replay.other_version, false, replay.clock};
  loaded.foreign = !replay.head_ok && !replay.other_version && !content->empty();
  return loaded;
}

os::Result<void> JournalFile::restart(const alg::State& state) {
  std::string content(alg::kJournalHead);
  last_reading_ = read_clocks();
  alg::append_clock(last_reading_, content);
  for (const alg::Change& change : state.snapshot()) alg::append_record(change, content);
  file_.reset();
  pending_.clear();
  if (const os::Result<void> done = os::replace_file(path_, content); !done) return done;
  os::Result<os::AppendFile> file = os::AppendFile::open(path_);
  if (!file) return std::unexpected(file.error());
  size_after_restart_ = file->size();
  file_ = std::move(*file);
  return {};
}

void JournalFile::note(const alg::Change& change) {
  if (file_) alg::append_record(change, pending_);
}

os::Result<void> JournalFile::flush() {
  if (pending_.empty() || !file_) return {};
  note_clocks();
  os::Result<void> done = file_->append(pending_);
  pending_.clear();
  return done;
}

alg::ClockReading JournalFile::read_clocks() const {
  return {boot_, os::monotonic_now(), os::wall_now().time_since_epoch()};
}

void JournalFile::note_clocks() {
  const alg::ClockReading now = read_clocks();
  const base::Duration age = now.at - last_reading_.at;
  const base::Duration step = std::chrono::abs(now.wall - last_reading_.wall - age);
  if (age < kReadingEvery && step < kStep) return;
  alg::append_clock(now, pending_);
  last_reading_ = now;
}

bool JournalFile::wants_restart() const {
  return file_ && file_->size() > 4 * size_after_restart_ + kRoomToGrow;
}

}  // namespace viaduct::gateway
