/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.Io;
import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.WireRecord;
import java.util.List;

/**
 * What one end saw of one exchange. Positions are TCP sequence numbers, an end that of the byte
 * after the last.
 *
 * @param exchangeIndex 0 for the first exchange seen on the socket
 * @param sends entries of its sends
 * @param arrivals data reached the socket; none where one of them was missed
 * @param reads bytes were copied to the owner
 * @param sendStart of the first byte sent
 * @param sendEnd after the last byte sent
 * @param receiveStart of the first byte received
 * @param receiveEnd after the last byte read
 * @param smoothedRttMicros as last measured
 * @param retransmits segments sent again
 * @param drops segments that the socket dropped
 * @param flags bits of the contract's ExchangeFlag
 */
public record EndPoints(
    int exchangeIndex,
    IoTimes sends,
    IoTimes arrivals,
    IoTimes reads,
    int sendStart,
    int sendEnd,
    int receiveStart,
    int receiveEnd,
    int smoothedRttMicros,
    int retransmits,
    int drops,
    int flags) {
  private static final int WHY_EMITTED = WireRecord.IDLE_FLUSH | WireRecord.CLOSED;

  /**
   * Of a turn. A close_notify is left out: it says when a pool gave up the connection, and nothing
   * of the exchange before it. One that arrived is known by its size alone, and so believed only
   * where the connection ends.
   */
  static EndPoints of(WireRecord record) {
    EndPoints turn =
        new EndPoints(
            record.exchangeIndex(),
            IoTimes.of(record, Io.SEND),
            record.isOuterArrivalMissed() ? IoTimes.NONE : IoTimes.of(record, Io.ARRIVAL),
            IoTimes.of(record, Io.READ),
            record.sendStart(),
            record.sendEnd(),
            record.receiveStart(),
            record.receiveEnd(),
            record.smoothedRttMicros(),
            record.retransmits(),
            record.drops(),
            record.flags());
    if (endsWithAlert(record, Io.SEND)) {
      turn = turn.withoutSentAlert(record.sends());
    }
    return record.isEnding() && endsWithAlert(record, Io.ARRIVAL)
        ? turn.withoutReceivedAlert(record.arrivals(), record.reads())
        : turn;
  }

  /**
   * Whether the other says the same of the same exchange, however it came to be emitted. The
   * round-trip time may have been measured again since.
   */
  boolean repeats(EndPoints other) {
    return comparable().equals(other.comparable());
  }

  /** Whether something was sent and something read. */
  boolean isWhole() {
    return !sends.isNone() && !reads.isNone();
  }

  /**
   * The turn, and the one after it, with which it is one exchange: the response is the second's.
   */
  EndPoints joinedWith(EndPoints next, boolean initiator) {
    return new EndPoints(
        next.exchangeIndex,
        initiator ? sends.then(next.sends) : next.sends,
        initiator ? next.arrivals : arrivals.then(next.arrivals),
        initiator ? next.reads : reads.then(next.reads),
        initiator ? sendStart : next.sendStart,
        next.sendEnd,
        initiator ? next.receiveStart : receiveStart,
        next.receiveEnd,
        next.smoothedRttMicros,
        retransmits + next.retransmits,
        drops + next.drops,
        flags | next.flags);
  }

  /**
   * Of one request of several in the turn, at the turn's positions; retransmits are the first's.
   */
  EndPoints piece(int index, IoTimes newSends, IoTimes newArrivals, IoTimes newReads) {
    boolean isFirst = index == exchangeIndex;
    return new EndPoints(
        index,
        newSends,
        newArrivals,
        newReads,
        sendStart,
        sendEnd,
        receiveStart,
        receiveEnd,
        smoothedRttMicros,
        isFirst ? retransmits : 0,
        isFirst ? drops : 0,
        flags);
  }

  /** At other positions. */
  EndPoints at(int newSendStart, int newSendEnd, int newReceiveStart, int newReceiveEnd) {
    return new EndPoints(
        exchangeIndex,
        sends,
        arrivals,
        reads,
        newSendStart,
        newSendEnd,
        newReceiveStart,
        newReceiveEnd,
        smoothedRttMicros,
        retransmits,
        drops,
        flags);
  }

  /** As if nothing had come up to this position. */
  EndPoints receivedFrom(int position, WireRecord turn) {
    return piece(
            exchangeIndex,
            sends,
            new IoTimes(firstAfter(turn.arrivals(), position), arrivals.lastNanos()),
            new IoTimes(firstAfter(turn.reads(), position), reads.lastNanos()))
        .at(sendStart, sendEnd, position, receiveEnd);
  }

  private static long firstAfter(List<IoEntry> entries, int position) {
    for (IoEntry entry : entries) {
      if (entry.position() - position > 0) {
        return entry.atNanos();
      }
    }
    return 0;
  }

  /** As if nothing had been sent before this position. */
  EndPoints sentFrom(int position, List<IoEntry> entries) {
    List<IoEntry> from =
        entries.stream().filter(entry -> entry.position() - position >= 0).toList();
    return piece(exchangeIndex, IoTimes.of(from), arrivals, reads)
        .at(position, sendEnd, receiveStart, receiveEnd);
  }

  /** As if nothing had been sent after the first send. */
  EndPoints upToFirstSent() {
    return piece(
        exchangeIndex, new IoTimes(sends.firstNanos(), sends.firstNanos()), arrivals, reads);
  }

  /** As if nothing had come after what came first. */
  EndPoints upToFirstReceived() {
    return piece(
        exchangeIndex,
        sends,
        new IoTimes(arrivals.firstNanos(), arrivals.firstNanos()),
        new IoTimes(reads.firstNanos(), reads.firstNanos()));
  }

  private EndPoints comparable() {
    return new EndPoints(
        exchangeIndex,
        sends,
        arrivals,
        reads,
        sendStart,
        sendEnd,
        receiveStart,
        receiveEnd,
        0,
        retransmits,
        drops,
        flags | WHY_EMITTED);
  }

  private EndPoints withoutSentAlert(List<IoEntry> entries) {
    return piece(exchangeIndex, IoTimes.of(withoutLast(entries)), arrivals, reads)
        .at(sendStart, last(entries).position(), receiveStart, receiveEnd);
  }

  private EndPoints withoutReceivedAlert(List<IoEntry> arrived, List<IoEntry> read) {
    List<IoEntry> before = withoutLast(arrived);
    int end = before.isEmpty() ? receiveStart : last(before).position();
    List<IoEntry> kept = readsUpTo(read, end, !before.isEmpty());
    return piece(exchangeIndex, sends, IoTimes.of(before), IoTimes.of(kept))
        .at(sendStart, sendEnd, receiveStart, end);
  }

  /** The reads but those that found nothing but the alert; one that took both stays. */
  private static List<IoEntry> readsUpTo(List<IoEntry> reads, int end, boolean anyArrived) {
    int kept = anyArrived ? reads.size() : 0;
    while (kept > 1 && reads.get(kept - 2).position() - end >= 0) {
      kept--;
    }
    return reads.subList(0, kept);
  }

  private static boolean endsWithAlert(WireRecord record, Io kind) {
    int known = record.known(kind);
    return known > 0 && (record.flags(kind, known - 1) & IoEntry.ALERT) != 0;
  }

  private static List<IoEntry> withoutLast(List<IoEntry> entries) {
    return entries.subList(0, entries.size() - 1);
  }

  private static IoEntry last(List<IoEntry> entries) {
    return entries.get(entries.size() - 1);
  }
}
