// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "viaduct-gateway/control.hpp"

#include <string>
#include <vector>

namespace viaduct::gateway {

/// A gateway in the middle of its day, at a fixed moment: two WANs, one of them behind another NAT, and one that is
/// gone, registrations, calls in each phase, and peers who put terminal escapes and passwords where they can.
class SampleSource : public ControlSource {
 public:
  SampleSource();

  [[nodiscard]] ReportView view() const override;
  [[nodiscard]] StatusReport status() const override;
  [[nodiscard]] bool set_handles(const net::Address& party, alg::Aspect aspect, bool handles) override;
  [[nodiscard]] bool forget(const net::Address& party) override;
  [[nodiscard]] ReloadReport reload() override;

  /// More calls, for long lists.
  void add_calls(std::uint32_t count);

  alg::State state;
  alg::Policy policy;
  PassedRing passed;
  ReloadReport reload_report{true, "", {"queue.number"}};
  int reloads = 0;

 private:
  void apply(const alg::Change& change);
  void add_registration();
  void add_edited_call();
  void add_hostile_call();
  void add_memory();
  void add_passed();
};

}  // namespace viaduct::gateway
