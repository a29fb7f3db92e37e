/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Map;

/**
 * How the cluster is watched.
 *
 * @param server where its API server is
 * @param objects how many are known, by kind
 * @param complaints kinds that are not watched now, and why; empty text where that is not known
 */
public record ClusterStatus(
    String server, Map<String, Integer> objects, Map<String, String> complaints) {}
