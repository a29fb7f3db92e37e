/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndPoints;
import dev.sidelight.probe.hop.HeaderField;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.HttpHead;
import dev.sidelight.probe.hop.IoTimes;
import java.util.List;
import java.util.function.Consumer;

/** Makes exchanges of streams, and ends of their two sides. One thread. */
final class StreamExchanges implements Consumer<StreamOutcome> {
  private static final int READ_AFTER_SEND = 1;
  private static final int ARRIVAL_WHILE_SENDING = 2;

  // deps
  private final Consumer<HopExchange> exchanges;
  private final EndAccounting accounting;

  StreamExchanges(Consumer<HopExchange> exchanges, EndAccounting accounting) {
    this.exchanges = exchanges;
    this.accounting = accounting;
  }

  @Override
  public void accept(StreamOutcome outcome) {
    HopEnd initiator = initiator(outcome);
    HopEnd acceptor = acceptor(outcome);
    boolean together =
        initiator != null && acceptor != null && initiator.netns() == acceptor.netns();
    if (together) {
      accounting.seen();
      accounting.seen();
      accounting.paired();
      exchanges.accept(HopExchange.pair(initiator, acceptor, 2));
    } else {
      leaveSingly(initiator);
      leaveSingly(acceptor);
    }
  }

  private void leaveSingly(HopEnd end) {
    if (end != null) {
      accounting.seen();
      exchanges.accept(HopExchange.single(end));
    }
  }

  private static HopEnd initiator(StreamOutcome outcome) {
    Http2Stream stream = outcome.stream();
    Losses losses = outcome.losses();
    int flags =
        overlaps(stream.response().arrived(), stream.request().sent(), ARRIVAL_WHILE_SENDING);
    return end(
        outcome.initiator(),
        stream,
        stream.request(),
        stream.response(),
        stream.names().requestHead(),
        stream.names().requestFields(),
        losses.initiatorRetransmits(),
        losses.initiatorDrops(),
        flags);
  }

  private static HopEnd acceptor(StreamOutcome outcome) {
    Http2Stream stream = outcome.stream();
    Losses losses = outcome.losses();
    int flags = overlaps(stream.response().sent(), stream.request().read(), READ_AFTER_SEND);
    return end(
        outcome.acceptor(),
        stream,
        stream.response(),
        stream.request(),
        stream.names().responseHead(),
        stream.names().responseFields(),
        losses.acceptorRetransmits(),
        losses.acceptorDrops(),
        flags);
  }

  /**
   * Null where the end was not seen, or saw nothing of the stream: the controller takes none
   * without a time.
   */
  private static HopEnd end(
      ConnectionEnd end,
      Http2Stream stream,
      Message sent,
      Message received,
      HttpHead head,
      List<HeaderField> fields,
      int retransmits,
      int drops,
      int flags) {
    if (end == null) {
      return null;
    }
    EndPoints points =
        new EndPoints(
            end.identity().exchangeIndex() + stream.ordinal(),
            sent.sent().times(),
            received.arrived().times(),
            received.read().times(),
            sent.start(),
            sent.end(),
            received.start(),
            received.end(),
            end.smoothedRttMicros(),
            retransmits,
            drops,
            flags);
    boolean none = points.sends().isNone() && points.arrivals().isNone() && points.reads().isNone();
    return none
        ? null
        : new HopEnd(end.identity(), points, head, end.process(), false, stream.id(), fields);
  }

  /** The flag where one began before the other ended. */
  private static int overlaps(Passage one, Passage other, int flag) {
    IoTimes first = one.times();
    return !first.isNone() && first.firstNanos() < other.times().lastNanos() ? flag : 0;
  }
}
