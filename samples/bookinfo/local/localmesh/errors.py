# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The one exception that ends a command with a message instead of a traceback."""


class MeshError(Exception):
    """Says what is wrong and what to do about it."""
