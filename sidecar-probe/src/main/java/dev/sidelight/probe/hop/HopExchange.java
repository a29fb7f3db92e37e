/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import java.util.Objects;

/**
 * An exchange as it leaves: both ends of a hop, or one end of anything else.
 *
 * @param initiator null where not seen
 * @param acceptor null where not seen
 * @param newEnds how many of the ends leave for the first time, 1 or 2: one that is repeated beside
 *     its superseding peer does not count again
 */
public record HopExchange(HopEnd initiator, HopEnd acceptor, int newEnds) {

  /** Rejects an exchange without ends. */
  public HopExchange {
    if (initiator == null && acceptor == null) {
      throw new IllegalArgumentException("an exchange without an end");
    }
  }

  /** One end. */
  public static HopExchange single(HopEnd end) {
    return end.isInitiator() ? new HopExchange(end, null, 1) : new HopExchange(null, end, 1);
  }

  /** Both ends, in either order. */
  public static HopExchange pair(HopEnd one, HopEnd other, int newEnds) {
    return one.isInitiator()
        ? new HopExchange(one, other, newEnds)
        : new HopExchange(other, one, newEnds);
  }

  /** Inode of the network namespace that it was seen in. */
  public int netns() {
    return Objects.requireNonNullElse(initiator, acceptor).netns();
  }

  /** Whether both ends are there. */
  public boolean isPaired() {
    return initiator != null && acceptor != null;
  }
}
