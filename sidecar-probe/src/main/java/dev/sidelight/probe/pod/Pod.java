/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.net.InetAddress;
import java.util.List;

/**
 * A pod as this node sees it.
 *
 * @param netns inode of its network namespace, which names it here
 * @param uid of Kubernetes; empty where its cgroup names none
 * @param addresses its own, not loopback; the first is the pod's address
 */
public record Pod(int netns, String uid, List<String> addresses) {
  /** Copies the list. */
  public Pod {
    addresses = List.copyOf(addresses);
  }

  /** Whether an address is the pod's own, loopback included. */
  public boolean owns(InetAddress address) {
    return address.isLoopbackAddress() || addresses.contains(address.getHostAddress());
  }
}
