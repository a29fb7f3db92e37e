/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.util.List;

/**
 * What the controller is told of a pod.
 *
 * @param netns inode of its network namespace
 * @param uid of Kubernetes, or empty
 * @param addresses its own; the first is the one that its Envoy's node id carries
 */
public record PodAddresses(int netns, String uid, List<String> addresses) {}
