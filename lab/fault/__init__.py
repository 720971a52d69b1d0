# SPDX-License-Identifier: GPL-2.0-or-later
"""What `lab/faults` plays: each behaviour of `viaduct faults run` in the path of a call."""
