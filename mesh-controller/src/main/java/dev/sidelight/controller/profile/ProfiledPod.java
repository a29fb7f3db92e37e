/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.List;

/**
 * A pod that a probe watches.
 *
 * @param id NODE/NETNS
 * @param node whose probe it is
 * @param netns inode of its network namespace, unsigned
 * @param name its own, empty where the probe's registry does not tell
 * @param namespace empty as well, and so on
 * @param workload whose pod
 * @param app Istio's canonical service
 * @param version Istio's canonical revision
 * @param addresses canonical
 */
record ProfiledPod(
    String id,
    String node,
    int netns,
    String name,
    String namespace,
    String workload,
    String app,
    String version,
    List<String> addresses) {

  /** Copies the addresses. */
  ProfiledPod {
    addresses = List.copyOf(addresses);
  }

  /** NAMESPACE/NAME; null where a part is not known. */
  String namespacedName() {
    return namespace.isEmpty() || name.isEmpty() ? null : namespace + "/" + name;
  }
}
