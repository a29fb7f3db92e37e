/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of every end. At any quiet moment
 *
 * <pre>seen = sent + repeated + joined + upgraded + sum of lost + held</pre>
 *
 * where <em>seen</em> are the records that the kernel had to give, those that it could not give
 * included, and each pipelined request an end of its own; <em>sent</em> were acknowledged by the
 * controller; <em>repeated</em> said no more than what an idle flush of the same exchange had said;
 * <em>joined</em> are one exchange with the next of their socket; <em>upgraded</em> are no
 * exchanges, since their connection speaks HTTP no longer; <em>lost</em> has a reason each; and
 * <em>held</em> still wait, to be paired or to be acknowledged. A record that supersedes one is an
 * end of its own here. Any thread may count.
 */
public final class EndAccounting {

  /** Why an end was lost. */
  public enum Loss {
    /** The ring buffer had no room. */
    RING_FULL("ring_full"),
    /** No memory for a socket's state: one for each event that was missed for it. */
    MAP_FULL("map_full"),
    /** Not a record of ours. */
    PARSE("parse"),
    /** Pipelined requests whose boundaries cannot be told. */
    UNFRAMED("unframed"),
    /** The controller was away or slow, and the queue full. */
    QUEUE_FULL("queue_full"),
    /** The probe ended before it was acknowledged. */
    SHUTDOWN("shutdown");

    private final String label;

    Loss(String label) {
      this.label = label;
    }

    /** As in the metrics and in the contract. */
    public String label() {
      return label;
    }
  }

  private final LongAdder seen = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder joined = new LongAdder();
  private final LongAdder upgraded = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final LongAdder paired = new LongAdder();
  private final Map<Loss, LongAdder> lost = new EnumMap<>(Loss.class);

  /** Nothing counted yet. */
  public EndAccounting() {
    for (Loss reason : Loss.values()) {
      lost.put(reason, new LongAdder());
    }
  }

  /** A record came out of the ring; it is held until one of the others is called for it. */
  public void seen() {
    seen.increment();
    held.increment();
  }

  /** Ends that were lost before they were seen here. */
  public void lostUnseen(Loss reason, long ends) {
    seen.add(ends);
    lost.get(reason).add(ends);
  }

  /**
   * Held ends proved to be more, or fewer, ends of exchanges than they were records.
   *
   * @param ends how many more
   */
  public void cut(long ends) {
    seen.add(ends);
    held.add(ends);
  }

  /** Held ends were lost. */
  public void lost(Loss reason, long ends) {
    lost.get(reason).add(ends);
    held.add(-ends);
  }

  /** A held end said nothing new. */
  public void repeated() {
    repeated.increment();
    held.decrement();
  }

  /** A held end became part of the next of its socket. */
  public void joined() {
    joined.increment();
    held.decrement();
  }

  /** A held end is no exchange: its connection was upgraded. */
  public void upgraded() {
    upgraded.increment();
    held.decrement();
  }

  /** Held ends were acknowledged. */
  public void sent(long ends) {
    sent.add(ends);
    held.add(-ends);
  }

  /** Two ends were joined. No part of the equality. */
  public void paired() {
    paired.add(2);
  }

  /** Records that the kernel had to give. */
  public long seenCount() {
    return seen.sum();
  }

  /** Of these, ends of an exchange of their own: each is sent, lost or held. */
  public long exchangeEndCount() {
    return seenCount() - repeatedCount() - joinedCount() - upgradedCount();
  }

  /** Acknowledged by the controller. */
  public long sentCount() {
    return sent.sum();
  }

  /** Said nothing new. */
  public long repeatedCount() {
    return repeated.sum();
  }

  /** Part of another. */
  public long joinedCount() {
    return joined.sum();
  }

  /** No exchanges. */
  public long upgradedCount() {
    return upgraded.sum();
  }

  /** Waiting. */
  public long heldCount() {
    return held.sum();
  }

  /** Ends that found their peer. */
  public long pairedCount() {
    return paired.sum();
  }

  /** Lost for this reason. */
  public long lostCount(Loss reason) {
    return lost.get(reason).sum();
  }

  /** Whether the equality holds; while ends are on their way between threads it may not. */
  public boolean isBalanced() {
    long losses = lost.values().stream().mapToLong(LongAdder::sum).sum();
    return seenCount()
        == sentCount() + repeatedCount() + joinedCount() + upgradedCount() + losses + heldCount();
  }
}
