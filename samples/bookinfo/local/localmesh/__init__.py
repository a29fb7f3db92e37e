# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bookinfo on one machine without Kubernetes: pods as network namespaces with real Envoy sidecars."""
