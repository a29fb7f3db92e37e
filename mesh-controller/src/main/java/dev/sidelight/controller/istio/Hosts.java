/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

/** Istio's host names: exact, or with a wildcard before the rest. */
final class Hosts {

  private Hosts() {}

  /** A name without a dot is a Service of the namespace. */
  static String resolve(String host, String namespace, String domain) {
    return host.contains(".") || host.startsWith("*")
        ? host
        : host + "." + namespace + ".svc." + domain;
  }

  /** Whether one that may have a wildcard means the other. */
  static boolean matches(String pattern, String host) {
    return pattern.startsWith("*") ? host.endsWith(pattern.substring(1)) : pattern.equals(host);
  }

  /** The more specific of two that match is the one that counts: an exact one, else the longer. */
  static int specificity(String pattern) {
    return pattern.startsWith("*") ? pattern.length() : Integer.MAX_VALUE;
  }
}
