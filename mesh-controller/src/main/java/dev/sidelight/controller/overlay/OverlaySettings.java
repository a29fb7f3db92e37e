/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.net.URI;

/**
 * How to stand in front of a Kiali.
 *
 * @param host address to listen on
 * @param port its port; 0 takes a free one
 * @param kialiUrl scheme, host and port of Kiali; paths are passed on as they come
 * @param maxGraphBytes longest graph that is changed, as sent and decoded
 * @param changeMillis how long a graph may take, from its head to its changed end, before it is
 *     passed on as it is
 * @param silenceMillis how long Kiali may send nothing before its answer is given up
 * @param longestWindowSeconds how far back the figures reach
 */
public record OverlaySettings(
    String host,
    int port,
    URI kialiUrl,
    int maxGraphBytes,
    long changeMillis,
    long silenceMillis,
    int longestWindowSeconds) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  boolean isKialiTls() {
    return "https".equals(kialiUrl.getScheme());
  }

  int kialiPort() {
    if (kialiUrl.getPort() >= 0) {
      return kialiUrl.getPort();
    }
    return isKialiTls() ? HTTPS_PORT : HTTP_PORT;
  }
}
