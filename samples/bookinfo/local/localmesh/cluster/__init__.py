# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A real Kubernetes control plane with Istio's, without containers: see README.md."""
