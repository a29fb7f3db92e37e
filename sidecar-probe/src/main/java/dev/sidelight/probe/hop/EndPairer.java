/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Joins the two ends of a hop: same namespace, same position after the request's last byte, and the
 * same response. Ends, not starts, are compared, since on TLS the Finished message and session
 * tickets make the starts differ. An end waits for its peer for a while, or not at all when its
 * peer cannot be in the pod, and then leaves singly. One thread.
 */
public final class EndPairer {
  private static final int HELD_MAX = 65_536;
  private static final int FLUSHED_SOCKETS_MAX = 65_536;

  /** A record's own comparison goes through method handles, which cost more than all the rest. */
  private record Key(int netns, int requestEnd, boolean initiator) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.requestEnd == requestEnd
          && key.netns == netns
          && key.initiator == initiator;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * netns + requestEnd) + (initiator ? 1 : 0);
    }
  }

  private record Held(HopEnd end, long untilNanos) {}

  // deps
  private final EndAccounting accounting;
  private final Predicate<HopEnd> peerMayBeInPod;
  private final Consumer<HopExchange> exchanges;
  private final long holdNanos;

  // state: insertion order is the order of expiry
  private final Map<Key, Held> held = new LinkedHashMap<>();
  private final FlushMemory flushes = new FlushMemory(FLUSHED_SOCKETS_MAX);

  /**
   * An empty pairer.
   *
   * @param holdNanos how long an end waits for its peer
   * @param peerMayBeInPod whether it is worth to wait
   * @param accounting counts repeated and paired ends
   * @param exchanges takes what leaves
   */
  public EndPairer(
      long holdNanos,
      Predicate<HopEnd> peerMayBeInPod,
      EndAccounting accounting,
      Consumer<HopExchange> exchanges) {
    this.holdNanos = holdNanos;
    this.peerMayBeInPod = peerMayBeInPod;
    this.accounting = accounting;
    this.exchanges = exchanges;
  }

  /** Takes an end that was seen; it leaves now, later, or never since it repeats one. */
  public void accept(HopEnd seen, long nowNanos) {
    FlushMemory.Verdict verdict = flushes.judge(seen);
    if (verdict == FlushMemory.Verdict.REPEATED) {
      accounting.repeated();
      return;
    }
    HopEnd end = seen.withSupersedes(verdict == FlushMemory.Verdict.SUPERSEDING);
    if (!end.points().isWhole() || !peerMayBeInPod.test(end)) {
      leaveSingly(end);
      return;
    }
    Key peerKey = key(end, !end.isInitiator());
    Held peer = held.get(peerKey);
    if (peer != null && agree(end, peer.end())) {
      held.remove(peerKey);
      leavePaired(end, peer.end(), 2);
    } else {
      hold(end, nowNanos);
    }
  }

  /** Lets go what has waited long enough. */
  public void expire(long nowNanos) {
    Iterator<Held> oldest = held.values().iterator();
    while (oldest.hasNext()) {
      Held next = oldest.next();
      if (next.untilNanos() > nowNanos && held.size() <= HELD_MAX) {
        return;
      }
      oldest.remove();
      leaveAlone(next.end());
    }
  }

  /** How many ends wait. */
  public int heldCount() {
    return held.size();
  }

  private void hold(HopEnd end, long nowNanos) {
    Held before = held.remove(key(end, end.isInitiator()));
    HopEnd waiting = end;
    if (before != null && before.end().isSameExchange(end)) {
      // It had not left yet: what replaces it supersedes only what was sent before either.
      accounting.repeated();
      waiting = end.withSupersedes(before.end().supersedes());
    } else if (before != null) {
      leaveAlone(before.end());
    }
    held.put(key(end, end.isInitiator()), new Held(waiting, nowNanos + holdNanos));
  }

  /**
   * After waiting in vain: beside the peer that it was flushed with, should that one have nothing
   * new to say.
   */
  private void leaveAlone(HopEnd end) {
    HopEnd peer = end.supersedes() ? flushes.peerOf(end).orElse(null) : null;
    if (peer != null && agree(end, peer)) {
      leavePaired(end, peer, 1);
    } else {
      leaveSingly(end);
    }
  }

  private void leavePaired(HopEnd end, HopEnd peer, int newEnds) {
    if (newEnds == 2) {
      accounting.paired();
    }
    flushes.paired(end, peer);
    HopEnd initiator = end.isInitiator() ? end : peer;
    HopEnd acceptor = end.isInitiator() ? peer : end;
    List<RequestHead> requests = RequestHead.of(initiator);
    if (requests.size() > 1) {
      leaveCut(requests, initiator, acceptor, newEnds);
    } else {
      exchanges.accept(
          new HopExchange(initiator, alignedWith(initiator, acceptor, requests), newEnds));
    }
  }

  /** Pipelined requests: the acceptor may have taken them in several turns, which wait here. */
  private void leaveCut(
      List<RequestHead> requests, HopEnd initiator, HopEnd acceptor, int newEnds) {
    List<HopEnd> acceptors = new ArrayList<>();
    for (RequestHead request : requests.subList(1, requests.size())) {
      Held turn = held.remove(new Key(initiator.netns(), request.position(), false));
      if (turn != null) {
        acceptors.add(turn.end());
      }
    }
    int taken = newEnds + acceptors.size();
    acceptors.add(acceptor);
    List<HopExchange> pieces = PipelineCutter.cut(requests, initiator, acceptors);
    if (pieces.isEmpty()) {
      accounting.lost(EndAccounting.Loss.UNFRAMED, taken);
      return;
    }
    accounting.cut(2 * pieces.size() - taken);
    pieces.forEach(exchanges);
  }

  /**
   * Bytes that arrived before the request began belong to the upload of the one before, which was
   * answered early.
   */
  private static HopEnd alignedWith(HopEnd initiator, HopEnd acceptor, List<RequestHead> requests) {
    int start = initiator.points().sendStart();
    if (requests.isEmpty() || acceptor.points().receiveStart() - start >= 0) {
      return acceptor;
    }
    return acceptor.withPoints(acceptor.points().receivedFrom(start, acceptor.socket()));
  }

  private void leaveSingly(HopEnd end) {
    exchanges.accept(HopExchange.single(end));
  }

  private static Key key(HopEnd end, boolean initiator) {
    return new Key(end.netns(), end.requestEnd(), initiator);
  }

  /**
   * Whether two ends with the same request are those of one exchange: the response ends at the same
   * position, or, where its reader has not read it to the end, begins there; and nothing arrived
   * before it was sent.
   */
  private static boolean agree(HopEnd one, HopEnd other) {
    EndPoints initiator = one.isInitiator() ? one.points() : other.points();
    EndPoints acceptor = one.isInitiator() ? other.points() : one.points();
    boolean sameResponse =
        initiator.receiveEnd() == acceptor.sendEnd()
            || initiator.receiveStart() == acceptor.sendStart();
    return one.netns() == other.netns()
        && one.requestEnd() == other.requestEnd()
        && sameResponse
        && one.cookie() != other.cookie()
        && initiator.sends().firstNanos() <= acceptor.reads().lastNanos()
        && acceptor.sends().firstNanos() <= initiator.reads().lastNanos();
  }
}
