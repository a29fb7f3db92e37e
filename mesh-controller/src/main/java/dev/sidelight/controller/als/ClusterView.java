/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;

/**
 * What the cluster's API server says of pods; the root's way there. Any thread, and never waits.
 */
public interface ClusterView {

  /** Where no API server is asked: nothing is known of any address, and all is observed. */
  ClusterView NONE =
      new ClusterView() {
        @Override
        public Workload at(SocketAddress address, long epochMillis) {
          return null;
        }

        @Override
        public Workload pod(String namespace, String name, String address) {
          return null;
        }

        @Override
        public boolean observes(String namespace) {
          return true;
        }
      };

  /**
   * Whose an address was at a time: a pod's, or, with the app alone, a Service's. Null where it is
   * none of the cluster's; unknown where it is, but not one workload's, as a node's.
   */
  Workload at(SocketAddress address, long epochMillis);

  /** The workload of the pod that has that name and that address; null where there is none. */
  Workload pod(String namespace, String name, String address);

  /** Whether calls of that namespace are asked for. */
  boolean observes(String namespace);
}
