// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>

/// Invariants of our own code, never of received bytes. VIADUCT_CHECK is always on;
/// VIADUCT_DEBUG_CHECK costs too much for the hot path and is on in dev, asan, fuzz and tidy builds.
#define VIADUCT_CHECK(condition)      \
  ((condition) ? static_cast<void>(0) \
               : (std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition), std::abort()))

#ifdef VIADUCT_DEBUG_CHECKS
#define VIADUCT_DEBUG_CHECK(condition) VIADUCT_CHECK(condition)
#else
#define VIADUCT_DEBUG_CHECK(condition) static_cast<void>(0)
#endif
