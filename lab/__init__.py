# SPDX-License-Identifier: GPL-2.0-or-later
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
