# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong documents for tests of JSON schemas."""
import copy


def spoiled(document):
    """The document with one thing wrong, for every member: a schema that accepts these proves nothing."""
    for key in document:
        less = copy.deepcopy(document)
        del less[key]
        yield f"without {key}", less
        other = copy.deepcopy(document)
        other[key] = {"unexpected": 1}
        yield f"with another {key}", other
    yield "with one member more", {**document, "unexpected": 1}
