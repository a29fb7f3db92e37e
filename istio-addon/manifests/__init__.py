# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a cluster installs, rendered from values."""
