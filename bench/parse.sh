#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the parser benchmark as Markdown with what it was measured on; for docs and release notes.
# usage: bench/parse.sh [BENCH_PARSE]   (default: build/bench/bin/bench_parse, built by ./dev bench)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${1-build/bench/bin/bench_parse}
if [ ! -x "$program" ]; then
  printf 'bench/parse.sh: %s is missing\nnext: ./dev bench\n' "$program" >&2
  exit 3
fi
version() { pkg-config --modversion "$1" 2>/dev/null || echo unknown; }
printf 'Commit %s, %s, %s, libosip2 %s, sofia-sip %s; load before: %s. Command: `bench/parse.sh`.\n\n' \
  "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
  "$(c++ --version | head -n 1)" "$(version libosip2)" "$(version sofia-sip-ua)" "$(cut -d' ' -f1-3 /proc/loadavg)"
exec "$program"
