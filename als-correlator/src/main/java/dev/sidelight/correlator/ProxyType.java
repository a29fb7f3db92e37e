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
  GATEWAY
}
