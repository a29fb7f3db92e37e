/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;

/** Reads the peer's first URI SAN out of envoy.data.accesslog.v3.TLSProperties. */
final class PeerPrincipal {

  /** peer_certificate_properties, in it subject_alt_name, in it uri. */
  private static final int[] PATH = {5, 1, 1};

  private PeerPrincipal() {}

  /** Empty where the peer showed none. */
  static String read(WireReader in) throws IOException {
    return read(in, 0);
  }

  private static String read(WireReader in, int depth) throws IOException {
    if (depth == PATH.length) {
      return in.pooledString();
    }
    String principal = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == PATH[depth] && principal.isEmpty()) {
        principal = read(in, depth + 1);
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return principal;
  }
}
