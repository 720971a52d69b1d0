// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"

namespace viaduct::call {

/// Who wants to see each message that Signalling has read, before the tables take it. What is unreadable, or has no
/// Call-ID or CSeq, is not among them.
class MessageObserver {
 public:
  /// Everything in `reading` ends with the call.
  virtual void heard(const Reading& reading) = 0;

 protected:
  ~MessageObserver() = default;
};

}  // namespace viaduct::call
