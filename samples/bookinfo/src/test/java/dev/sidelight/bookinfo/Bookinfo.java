/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.util.List;

/** The calls that bookinfo makes. */
final class Bookinfo {

  /** Every edge between proxies, the gateway's included. */
  static final List<String> EDGES =
      List.of(
          "istio-ingressgateway->productpage-v1",
          "productpage-v1->details-v1",
          "productpage-v1->reviews-v1",
          "productpage-v1->reviews-v2",
          "productpage-v1->reviews-v3",
          "reviews-v2->ratings-v1",
          "reviews-v3->ratings-v1");

  /** The programs that call others and time it by their own clock. */
  static final List<String> CALLERS = List.of("productpage-v1", "reviews-v2", "reviews-v3");

  private Bookinfo() {}
}
