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
 * @param owner whose it is
 */
public record PodAddresses(int netns, String uid, List<String> addresses, Owner owner) {

  /**
   * Whose a pod is, in Istio's words; each empty where no registry knows.
   *
   * @param namespace of Kubernetes
   * @param workload name of the Deployment or its like
   * @param app canonical service
   * @param version canonical revision
   * @param pod the pod's own name
   */
  public record Owner(String namespace, String workload, String app, String version, String pod) {
    /** What no registry knows. */
    public static final Owner UNKNOWN = new Owner("", "", "", "", "");
  }
}
