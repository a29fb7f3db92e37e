/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Proxy;

/** Whose certificate a proxy's must be. Event loops ask, so nothing here may block or throw. */
public interface ProxyIdentities {

  /**
   * Why the holder of a certificate is not this proxy, as a label value; empty where it is.
   *
   * @param namespace of the ServiceAccount that the certificate is of
   * @param serviceAccount its name
   */
  String whyNot(String namespace, String serviceAccount, Proxy proxy);
}
