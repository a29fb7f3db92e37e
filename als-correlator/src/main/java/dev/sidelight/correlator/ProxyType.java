/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/** What kind of proxy an Envoy is, from the first part of its Istio node id. */
public enum ProxyType {
  /** {@code sidecar~...}: beside an app, in its pod. */
  SIDECAR,
  /** {@code router~...}: a gateway. */
  GATEWAY,
  /** {@code waypoint~...}: of the ambient mesh, in front of the services of a namespace. */
  WAYPOINT,
  /** {@code ztunnel~...}: of the ambient mesh, one a node, for the connections of all its pods. */
  ZTUNNEL;

  /** Whether it stands beside no app: every entry of it is of a call that it passes on. */
  public boolean standsAlone() {
    return this != SIDECAR;
  }
}
