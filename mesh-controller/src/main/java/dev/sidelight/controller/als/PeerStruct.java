/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Workload;
import java.io.IOException;

/**
 * Reads the google.protobuf.Struct in which Istio 1.24 and newer keeps a peer. Its fields come in
 * any order, another one each time. One thread.
 */
final class PeerStruct {

  // state
  private String cluster;
  private String namespace;
  private String workload;
  private String service;
  private String revision;
  private String app;
  private String version;

  /**
   * The peer; what it does not say is unknown.
   *
   * @throws IOException where the bytes are no Struct
   */
  Workload read(WireReader in) throws IOException {
    cluster = "";
    namespace = "";
    workload = "";
    service = "";
    revision = "";
    app = "";
    version = "";
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 1) {
        readField(in);
      } else {
        in.skip();
      }
    }
    return WorkloadNames.workload(
        cluster,
        namespace,
        workload,
        service.isEmpty() ? app : service,
        revision.isEmpty() ? version : revision);
  }

  private void readField(WireReader in) throws IOException {
    String key = "";
    String value = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> key = in.pooledString();
        case 2 -> value = stringValue(in);
        default -> in.skip();
      }
    }
    in.leave(outer);
    set(key, value);
  }

  /** Empty where the Value is no string. */
  private static String stringValue(WireReader in) throws IOException {
    String value = "";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == 3) {
        value = in.pooledString();
      } else {
        in.skip();
      }
    }
    in.leave(outer);
    return value;
  }

  private void set(String key, String value) {
    switch (key) {
      case "cluster" -> cluster = value;
      case "namespace" -> namespace = value;
      case "workload" -> workload = value;
      case "service" -> service = value;
      case "revision" -> revision = value;
      case "app" -> app = value;
      case "version" -> version = value;
      default -> {
        // Name, type, identity, labels.
      }
    }
  }
}
