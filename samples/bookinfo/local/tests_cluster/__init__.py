# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
