/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What the connections of the node's pods carry: the kernel's counts a connection, added up in
 * series by process, workload, peer and protocol, and exposed as {@code sidelight_tcp_*}; and what
 * they have grown by, in the contract's form, for the controller.
 */
package dev.sidelight.probe.transport;
