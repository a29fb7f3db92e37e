/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import java.util.List;

/**
 * A service that a ServiceEntry makes.
 *
 * @param hosts its names
 * @param location MESH_EXTERNAL or MESH_INTERNAL
 * @param namespace of the ServiceEntry
 */
public record ExternalService(List<String> hosts, String location, String namespace) {

  /** Copies the hosts. */
  public ExternalService {
    hosts = List.copyOf(hosts);
  }
}
