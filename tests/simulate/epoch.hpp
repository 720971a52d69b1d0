// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace viaduct::simulate {

/// Second 0 of every capture by the Unix clock: 2026-01-01.
inline constexpr double kEpoch = 1'767'225'600;

}  // namespace viaduct::simulate
