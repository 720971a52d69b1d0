// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/journal.hpp"
#include "alg/state.hpp"
#include "os/file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace viaduct::gateway {

/// The journal on disk. A full disk or a broken file never stops the gateway: it goes on without and says so.
class JournalFile {
 public:
  explicit JournalFile(std::string path);

  /// Replays what is there into `state`, which has the WANs of this run; nothing there is no error. `torn` tells of
  /// a cut end.
  struct Loaded {
    std::uint64_t records = 0;
    bool torn = false;
    bool other_version = false;  ///< of an earlier or later gateway: nothing was taken, restart() writes over it
    bool foreign = false;        ///< a file that is no journal of ours; it was left alone
    alg::JournalClock clock = alg::JournalClock::same_boot;
  };
  [[nodiscard]] os::Result<Loaded> load(alg::State& state);

  /// Writes a fresh journal of `state` and appends to it from now on.
  [[nodiscard]] os::Result<void> restart(const alg::State& state);

  /// Notes a change; flush() writes all noted ones with one system call.
  void note(const alg::Change& change);
  [[nodiscard]] os::Result<void> flush();
  /// The file has grown so far past its last restart that it should be written anew.
  [[nodiscard]] bool wants_restart() const;

 private:
  static constexpr std::uint64_t kRoomToGrow = 16U << 20;

  [[nodiscard]] alg::ClockReading read_clocks() const;
  /// So that a later boot knows what the wall clock was worth: at times, and whenever it was set.
  void note_clocks();

  std::string path_;
  std::string boot_;
  alg::ClockReading last_reading_;
  std::optional<os::AppendFile> file_;
  std::string pending_;
  std::uint64_t size_after_restart_ = 0;
};

}  // namespace viaduct::gateway
