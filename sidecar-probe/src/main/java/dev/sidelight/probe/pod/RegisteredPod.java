/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.List;

/**
 * A pod as a registry knows it.
 *
 * @param netns inode of its network namespace; 0 where the registry does not know it
 * @param uid of Kubernetes; empty where the registry does not know it
 * @param addresses by which it alone is reached, as Java writes them
 * @param workload who it is
 */
record RegisteredPod(int netns, String uid, List<String> addresses, Workload workload) {

  RegisteredPod {
    addresses = List.copyOf(addresses);
  }
}
