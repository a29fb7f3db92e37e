# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Tests of what is computed; what is measured has its own check in the lane."""
