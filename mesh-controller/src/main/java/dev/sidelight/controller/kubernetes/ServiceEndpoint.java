/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import java.util.Map;

/**
 * A pod that serves a Service, whether it is ready or not.
 *
 * @param pod who
 * @param ports where, by the name of the Service's port
 */
public record ServiceEndpoint(ClusterPod pod, Map<String, Integer> ports) {

  /** Makes what it holds immutable. */
  public ServiceEndpoint {
    ports = Map.copyOf(ports);
  }
}
