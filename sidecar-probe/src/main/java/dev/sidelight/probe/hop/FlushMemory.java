/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What idle flushes have said, a socket at a time, to tell a record that repeats it from one that
 * supersedes it. Bounded: the socket longest quiet is forgotten first, and its next record then
 * leaves as if nothing had been sent. One thread.
 */
final class FlushMemory {

  /** What a record is, compared with what was flushed. */
  enum Verdict {
    NEW,
    REPEATED,
    SUPERSEDING
  }

  private record Flushed(HopEnd end, HopEnd peer) {}

  private final Map<Long, Flushed> bySocket;

  FlushMemory(int socketsMax) {
    bySocket =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Flushed> eldest) {
            return size() > socketsMax;
          }
        };
  }

  /** Judges an end, and remembers it if it is an idle flush, or supersedes one. */
  Verdict judge(HopEnd end) {
    Flushed flushed = bySocket.get(end.cookie());
    boolean isFlush = (end.points().flags() & WireRecord.IDLE_FLUSH) != 0;
    Verdict verdict = Verdict.NEW;
    if (flushed != null && flushed.end().isSameExchange(end)) {
      verdict = flushed.end().repeats(end) ? Verdict.REPEATED : Verdict.SUPERSEDING;
    } else if (flushed != null) {
      bySocket.remove(end.cookie());
    }
    if (verdict == Verdict.NEW ? isFlush : verdict == Verdict.SUPERSEDING) {
      HopEnd peer = flushed == null || verdict == Verdict.NEW ? null : flushed.peer();
      bySocket.put(end.cookie(), new Flushed(end, peer));
    }
    return verdict;
  }

  /** Remembers, of ends that were flushed, whom they were paired with. */
  void paired(HopEnd one, HopEnd other) {
    rememberPeer(one, other);
    rememberPeer(other, one);
  }

  /** Whom this exchange's end was paired with before. */
  Optional<HopEnd> peerOf(HopEnd end) {
    return Optional.ofNullable(bySocket.get(end.cookie()))
        .filter(flushed -> flushed.end().isSameExchange(end))
        .map(Flushed::peer);
  }

  private void rememberPeer(HopEnd end, HopEnd peer) {
    bySocket.computeIfPresent(
        end.cookie(),
        (cookie, flushed) ->
            flushed.end().isSameExchange(end) ? new Flushed(flushed.end(), peer) : flushed);
  }
}
