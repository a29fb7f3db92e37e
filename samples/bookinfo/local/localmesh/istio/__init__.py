# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bookinfo in the mesh of a real Istio: pods as the API server has them, run on nodes without containers."""
