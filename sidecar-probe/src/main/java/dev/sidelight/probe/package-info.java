/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The node probe: the composition root, which alone knows every leaf; its settings, its threads and
 * its own metrics.
 */
package dev.sidelight.probe;
