# SPDX-License-Identifier: GPL-2.0-or-later
"""One module per scenario: ROWS, play(scene) in the namespaces, judge(record) on the captures alone."""
