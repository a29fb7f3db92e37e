/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/** What Istio is configured to do with calls of a service. Called on worker threads. */
public interface GraphBadges {

  /** Nothing is known of any. */
  GraphBadges NONE =
      new GraphBadges() {
        @Override
        public ServiceBadges of(String namespace, String service) {
          return ServiceBadges.NONE;
        }

        @Override
        public boolean hasCircuitBreaker(String namespace, String service, String version) {
          return false;
        }
      };

  /** Of a service. */
  ServiceBadges of(String namespace, String service);

  /**
   * Whether a DestinationRule bounds connections to a service, or takes out endpoints that fail.
   *
   * @param version the subset that it does so for; empty: any
   */
  boolean hasCircuitBreaker(String namespace, String service, String version);
}
