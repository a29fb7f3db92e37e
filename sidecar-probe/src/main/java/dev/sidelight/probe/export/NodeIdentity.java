/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

/**
 * Who sends.
 *
 * @param nodeName names the node, and with it the clock of every time
 * @param probeInstanceId new at each start of the probe
 * @param probeVersion the build's
 */
public record NodeIdentity(String nodeName, String probeInstanceId, String probeVersion) {}
