# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What stops a measurement."""


class BenchError(Exception):
    """The measurement could not be made; the message says why."""
