/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The ingest of the node probes: batches of kernel records come in over {@code
 * dev.sidelight.hop.v1} and leave as {@link dev.sidelight.correlator.HopRecord} values, each
 * checked, none taken twice, and with them what connections have carried, as {@link
 * dev.sidelight.correlator.TcpGrowth}. What cannot be true is counted by reason and dropped; the
 * rest of its batch is taken.
 */
package dev.sidelight.controller.hop;
