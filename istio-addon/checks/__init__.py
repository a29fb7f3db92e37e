# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of rules, dashboards and Kiali's configuration share: which metrics there are, and what an expression names."""
