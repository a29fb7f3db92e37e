/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

/**
 * Envoy's header x-forwarded-client-cert: elements after commas, one a proxy on the way, of pairs
 * after semicolons, whose values may be quoted. The last element is the nearest proxy's, the only
 * one that is not hearsay.
 */
final class ForwardedClientCertificate {

  private static final String URI = "URI=";

  private ForwardedClientCertificate() {}

  /** The URI of the certificate that the nearest proxy saw; empty where it saw none. */
  static String uri(String header) {
    String uri = "";
    StringBuilder pair = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= header.length(); i++) {
      char next = i < header.length() ? header.charAt(i) : ',';
      boolean last = i == header.length();
      if (!last && quoted && next == '\\' && i + 1 < header.length()) {
        i++;
        pair.append(header.charAt(i));
      } else if (!last && next == '"') {
        quoted = !quoted;
      } else if (last || (!quoted && (next == ',' || next == ';'))) {
        if (uri.isEmpty() && startsWithUri(pair)) {
          uri = pair.substring(URI.length());
        }
        pair.setLength(0);
        if (!last && next == ',') {
          uri = "";
        }
      } else {
        pair.append(next);
      }
    }
    return uri;
  }

  private static boolean startsWithUri(StringBuilder pair) {
    return pair.length() >= URI.length() && pair.substring(0, URI.length()).equalsIgnoreCase(URI);
  }
}
