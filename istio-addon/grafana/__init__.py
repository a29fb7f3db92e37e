# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The Grafana dashboards, made by `make dashboards` of what is here: change this, not the JSON."""
