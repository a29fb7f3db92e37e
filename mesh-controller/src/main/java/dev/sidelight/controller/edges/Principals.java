/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import dev.sidelight.correlator.CorrelatedRequest;

/**
 * Whom the proxies of an edge showed one another to be.
 *
 * @param source SPIFFE id of the source's proxy; empty where no call was under mutual TLS
 * @param destination the same of the destination's
 */
public record Principals(String source, String destination) {

  /** Nobody told. */
  public static final Principals NONE = new Principals("", "");

  static Principals of(CorrelatedRequest call) {
    return new Principals(call.sourcePrincipal(), call.destinationPrincipal());
  }

  boolean areOf(CorrelatedRequest call) {
    return source.equals(call.sourcePrincipal()) && destination.equals(call.destinationPrincipal());
  }
}
