# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Whether each fault of `mesh fault` is found in its component, and nowhere else."""
