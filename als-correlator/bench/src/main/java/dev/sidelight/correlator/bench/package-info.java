/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What the correlator costs: `make bench-correlator`. */
package dev.sidelight.correlator.bench;
