# SPDX-License-Identifier: GPL-2.0-or-later
"""What `viaduct analyze` makes of the lab's captures, beside what is known of them."""
