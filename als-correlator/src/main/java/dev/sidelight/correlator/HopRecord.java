/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.Objects;

/**
 * What a probe sends of one exchange: both ends of a hop, or one end of a link (or of a connection
 * whose other end nobody saw).
 *
 * @param node names the clock domain
 * @param podAddress the pod whose network namespace it was seen in; equals {@link
 *     Proxy#podAddress()} of the pod's Envoy
 * @param initiator null where not seen
 * @param acceptor null where not seen
 * @param supersedes replaces what was sent before for the same sockets and exchange indexes
 */
public record HopRecord(
    String node,
    String podAddress,
    ExchangeEnd initiator,
    ExchangeEnd acceptor,
    boolean supersedes) {

  /** Rejects a record without an end, or with an end in the wrong place. */
  public HopRecord {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(podAddress, "podAddress");
    if (initiator == null && acceptor == null) {
      throw new IllegalArgumentException("a record without an end");
    }
    if (initiator != null && !initiator.initiator()) {
      throw new IllegalArgumentException("an acceptor in the initiator's place: " + initiator);
    }
    if (acceptor != null && acceptor.initiator()) {
      throw new IllegalArgumentException("an initiator in the acceptor's place: " + acceptor);
    }
  }
}
