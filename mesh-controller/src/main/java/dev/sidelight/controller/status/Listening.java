/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

/**
 * Where the controller listens, for the words of problems.
 *
 * @param httpHost the API's
 * @param alsHost the access logs'
 * @param alsPort its port
 * @param alsSocketPath null where there is none
 * @param hopHost the probes'
 * @param hopPort its port
 * @param meshFile what xDS serves; null where another control plane configures the proxies
 */
public record Listening(
    String httpHost,
    String alsHost,
    int alsPort,
    String alsSocketPath,
    String hopHost,
    int hopPort,
    String meshFile) {

  /** Whether nobody on another machine gets there. */
  static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }
}
