/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;

/**
 * Makes one exchange of what 1xx responses (RFC 9110, 15.2) cut into two turns: a client that asks
 * "Expect: 100-continue" sends its body after it has read the interim response. The first turn
 * waits for the second; the interim response itself counts for nothing. One thread.
 */
public final class TurnJoiner {
  private static final int WAITING_MAX = 4096;
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int OK = 200;
  private static final String EXPECT = "100-continue";

  private record Waiting(HopEnd end, long sinceNanos) {}

  // deps
  private final EndAccounting accounting;
  private final ObjLongConsumer<HopEnd> ends;

  // state: by socket, the longest waiting first
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();

  /**
   * Nothing waits yet.
   *
   * @param accounting counts turns that were joined
   * @param ends takes what leaves, and the time
   */
  public TurnJoiner(EndAccounting accounting, ObjLongConsumer<HopEnd> ends) {
    this.accounting = accounting;
    this.ends = ends;
  }

  /** Takes an end that was seen; it leaves now, or joined with the next of its socket. */
  public void accept(HopEnd seen, long nowNanos) {
    HopEnd end = seen.isInitiator() ? withoutRest(seen) : withoutInterim(seen);
    Waiting before = waiting.isEmpty() ? null : waiting.get(end.cookie());
    if (before != null && before.end().isSameExchange(end)) {
      waiting.remove(end.cookie());
      accounting.repeated();
    } else if (before != null && continues(before.end(), end)) {
      join(before.end(), end, nowNanos);
      return;
    } else if (before != null) {
      waiting.remove(end.cookie());
      ends.accept(before.end(), nowNanos);
    }
    if (isInterim(end)) {
      waiting.put(end.cookie(), new Waiting(end, nowNanos));
    } else {
      ends.accept(end, nowNanos);
    }
  }

  /** Lets go what has waited for a minute, or is too much. */
  public void expire(long nowNanos) {
    Iterator<Waiting> oldest = waiting.values().iterator();
    while (oldest.hasNext()) {
      Waiting next = oldest.next();
      if (nowNanos - next.sinceNanos() < WAIT_NANOS && waiting.size() <= WAITING_MAX) {
        return;
      }
      oldest.remove();
      ends.accept(next.end(), nowNanos);
    }
  }

  /** Lets go everything. */
  public void flush(long nowNanos) {
    waiting.values().forEach(next -> ends.accept(next.end(), nowNanos));
    waiting.clear();
  }

  /** An idle flush is a copy: what it was joined with is needed again. */
  private void join(HopEnd first, HopEnd second, long nowNanos) {
    if ((second.points().flags() & WireRecord.IDLE_FLUSH) == 0) {
      waiting.remove(second.cookie());
      accounting.joined();
    }
    ends.accept(first.joinedWith(second), nowNanos);
  }

  private static boolean continues(HopEnd first, HopEnd second) {
    boolean follows = second.points().exchangeIndex() == first.points().exchangeIndex() + 1;
    return follows && (!first.isInitiator() || second.head().method().isEmpty());
  }

  private static boolean isInterim(HopEnd end) {
    if ((end.points().flags() & WireRecord.CLOSED) != 0) {
      return false;
    }
    return end.isInitiator() ? expectsContinue(end) : isInterim(end.head().status());
  }

  /** Whether it announces another response to the same request; 101 is the last of HTTP. */
  static boolean isInterim(int status) {
    return status >= CONTINUE && status < OK && status != SWITCHING_PROTOCOLS;
  }

  /**
   * What was sent before the request's head is the rest of an upload that was answered before its
   * end.
   */
  private static HopEnd withoutRest(HopEnd end) {
    if (end.head().method().isEmpty()) {
      return end;
    }
    int start = end.points().sendStart();
    int head = end.socket().firstHeadPosition(WireHead.Kind.SENT, start);
    return head - start > 0
        ? end.withPoints(end.points().sentFrom(head, end.socket().sends()))
        : end;
  }

  /** Where the final response followed in the same turn, the exchange's is that one. */
  private static HopEnd withoutInterim(HopEnd end) {
    if (!isInterim(end.head().status())) {
      return end;
    }
    for (WireHead sent : end.socket().heads()) {
      HttpHead head = HttpHead.parse(sent.text());
      if (head.status() != 0 && !isInterim(head.status())) {
        return end.withResponse(head, sent.position());
      }
    }
    return end;
  }

  private static boolean expectsContinue(HopEnd end) {
    // Those without a body are not looked through.
    return switch (end.head().method()) {
      case "POST", "PUT", "PATCH" ->
          end.socket().firstHead(WireHead.Kind.SENT).field("expect").equalsIgnoreCase(EXPECT);
      default -> false;
    };
  }
}
