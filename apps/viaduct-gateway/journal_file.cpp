// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/journal_file.hpp"

#include "alg/restore.hpp"
#include "os/clock.hpp"

namespace viaduct::gateway {
namespace {

alg::WallOffset wall_offset() {
  return os::wall_now().time_since_epoch() - os::monotonic_now().since_boot;
}

}  // namespace

os::Result<JournalFile::Loaded> JournalFile::load(alg::State& state) {
  const os::Result<std::string> content = os::read_file(path_, std::size_t{1} << 30);
  if (!content && content.error().code == os::Problem::not_found) return Loaded{};
  if (!content) return std::unexpected(content.error());
  const alg::Replay replay = alg::restore(*content, wall_offset(), state);
  Loaded loaded{replay.records, replay.torn, replay.other_version, false};
  loaded.foreign = !replay.head_ok && !replay.other_version && !content->empty();
  return loaded;
}

os::Result<void> JournalFile::restart(const alg::State& state) {
  std::string content(alg::kJournalHead);
  const alg::WallOffset offset = wall_offset();
  for (const alg::Change& change : state.snapshot()) alg::append_record(change, offset, content);
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
  if (file_) alg::append_record(change, wall_offset(), pending_);
}

os::Result<void> JournalFile::flush() {
  if (pending_.empty() || !file_) return {};
  os::Result<void> done = file_->append(pending_);
  pending_.clear();
  return done;
}

bool JournalFile::wants_restart() const {
  return file_ && file_->size() > 4 * size_after_restart_ + kRoomToGrow;
}

}  // namespace viaduct::gateway
