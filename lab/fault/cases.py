# SPDX-License-Identifier: GPL-2.0-or-later
"""All cases, in the order of their ids."""
from lab.fault import bodies, media, signalling, transport


def all_cases():
    cases = [*signalling.CASES, *bodies.CASES, *media.CASES, *transport.CASES]
    return sorted(cases, key=lambda case: case.key)


def by_key():
    return {case.key: case for case in all_cases()}
