/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Joins Envoy's access log entries with the kernel's exchanges, request by request, and splits the
 * latency of each call into components that sum to the total. A pure library: records come in as
 * values, time as a number, results leave through a sink.
 */
package dev.sidelight.correlator;
