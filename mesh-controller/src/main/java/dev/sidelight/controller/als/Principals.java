/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;

/**
 * Reads who showed which certificate on the downstream connection: the first URI SAN of each side,
 * out of envoy.data.accesslog.v3.TLSProperties. Used again for each entry; one thread.
 */
final class Principals {

  private static final int LOCAL_CERTIFICATE = 4;
  private static final int PEER_CERTIFICATE = 5;

  /** Of CertificateProperties, and of SubjectAltName in it. */
  private static final int SUBJECT_ALT_NAME = 1;

  private static final int URI = 1;

  // state
  private String peer = "";
  private String local = "";

  void clear() {
    peer = "";
    local = "";
  }

  /** Empty where the peer showed none. */
  String peer() {
    return peer;
  }

  /** Empty where this proxy showed none. */
  String local() {
    return local;
  }

  void read(WireReader in) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case LOCAL_CERTIFICATE -> local = readCertificate(in);
        case PEER_CERTIFICATE -> peer = readCertificate(in);
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  private static String readCertificate(WireReader in) throws IOException {
    String uri = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == SUBJECT_ALT_NAME && uri.isEmpty()) {
        uri = readNames(in);
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return uri;
  }

  private static String readNames(WireReader in) throws IOException {
    String uri = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == URI && uri.isEmpty()) {
        uri = in.pooledString();
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return uri;
  }
}
