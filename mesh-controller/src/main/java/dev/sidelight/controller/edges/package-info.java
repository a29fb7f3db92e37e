/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What was seen between workloads: figures of every edge, second by second, over any window up to a
 * quarter of an hour, and the latest calls themselves. Written on the correlator's thread, read by
 * any.
 */
package dev.sidelight.controller.edges;
