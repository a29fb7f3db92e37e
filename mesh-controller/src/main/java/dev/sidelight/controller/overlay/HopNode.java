/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sidecar as a node: a service by type, for Kiali draws extensions so. No service can have its
 * name, which has spaces. One thread.
 */
final class HopNode {

  /** Which of its two sides. */
  enum Side {
    /** Of the caller. */
    OUT("out"),
    /** Of who is called. */
    IN("in");

    private final String text;

    Side(String text) {
      this.text = text;
    }
  }

  // deps
  private final KialiNode owner;
  private final String service;
  private final String id;

  // state
  private final Map<String, Traffic> traffic = new TreeMap<>();

  HopNode(KialiNode owner, Side side) {
    this.owner = owner;
    this.service = owner.name() + " sidecar (" + side.text + ")";
    this.id = digest("svc_" + owner.cluster() + "_" + owner.namespace() + "_" + service);
  }

  void add(OverlayEdge edge) {
    traffic.computeIfAbsent(edge.key().protocol(), Traffic::new).add(edge.responses());
  }

  KialiNode owner() {
    return owner;
  }

  String service() {
    return service;
  }

  String id() {
    return id;
  }

  /** By protocol. */
  Map<String, Traffic> traffic() {
    return traffic;
  }

  /** An id of Kiali's, since its version 2.4. */
  static String digest(String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
