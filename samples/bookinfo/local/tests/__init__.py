# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Unit tests of the local mesh: no root, no Envoy."""
