/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The records that the BPF object writes, read at fixed offsets. */
package dev.sidelight.probe.event;
