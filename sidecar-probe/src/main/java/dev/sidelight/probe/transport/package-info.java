/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What the connections of the node's pods carry: the kernel's counts a connection, added up in
 * series by process, workload, peer and protocol, and exposed as {@code sidelight_tcp_*}.
 */
package dev.sidelight.probe.transport;
