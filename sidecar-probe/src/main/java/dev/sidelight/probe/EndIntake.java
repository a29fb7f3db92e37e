/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HttpHead;
import dev.sidelight.probe.hop.TurnJoiner;
import dev.sidelight.probe.hop.UpgradedConnections;
import dev.sidelight.probe.hop.http2.Http2Streams;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the bytes of a record to what makes exchanges of them, its head read and its process named.
 * The ring thread's.
 */
final class EndIntake implements Consumer<byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(EndIntake.class);

  // deps
  private final EndAccounting accounting;
  private final IntFunction<String> executables;
  private final TurnJoiner joiner;
  private final UpgradedConnections upgraded;
  private final Http2Streams streams;

  // state
  private boolean refusalLogged;

  EndIntake(
      EndAccounting accounting,
      IntFunction<String> executables,
      TurnJoiner joiner,
      UpgradedConnections upgraded,
      Http2Streams streams) {
    this.accounting = accounting;
    this.executables = executables;
    this.joiner = joiner;
    this.upgraded = upgraded;
    this.streams = streams;
  }

  @Override
  public void accept(byte[] bytes) {
    WireRecord record;
    try {
      record = WireRecord.of(bytes);
    } catch (IllegalArgumentException e) {
      accounting.lostUnseen(EndAccounting.Loss.PARSE, 1);
      refused("a record is not of this version", e);
      return;
    }
    if (record.isHttp2()) {
      streams.accept(record, executables.apply(record.ownerTgid()), System.nanoTime());
      return;
    }
    accounting.seen();
    if (upgraded.contains(record.cookie())) {
      accounting.upgraded();
      return;
    }
    HopEnd end;
    try {
      end = HopEnd.of(record, head(record), executables.apply(record.ownerTgid()));
    } catch (RuntimeException e) {
      accounting.lost(EndAccounting.Loss.PARSE, 1);
      refused("a record cannot be read", e);
      return;
    }
    joiner.accept(end, System.nanoTime());
  }

  private void refused(String what, RuntimeException why) {
    if (!refusalLogged) {
      refusalLogged = true;
      LOG.error("{}, and later ones are counted only", what, why);
    }
  }

  private static HttpHead head(WireRecord record) {
    HttpHead head = head(record, WireHead.Kind.SENT);
    return head.isNone()
        ? head(record, WireHead.Kind.PLAIN_SENT).and(head(record, WireHead.Kind.PLAIN_RECEIVED))
        : head;
  }

  private static HttpHead head(WireRecord record, WireHead.Kind kind) {
    return HttpHead.parse(record.firstHead(kind));
  }
}
