/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnJoinerTest {
  private static final String EXPECTING =
      "POST /upload HTTP/1.1\r\nExpect: 100-continue\r\nx-request-id: a\r\n\r\n";

  private final EndAccounting accounting = new EndAccounting();
  private final List<HopEnd> left = new ArrayList<>();
  private final TurnJoiner joiner = new TurnJoiner(accounting, (end, now) -> left.add(end));

  @AfterEach
  void accountingBalances() {
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void bodyAfterContinue_isOfTheSameRequest() {
    take(TestRecords.initiator(1).head(EXPECTING));
    assertThat(left).isEmpty();
    take(
        TestRecords.initiator(1)
            .sent(1100, 1900, 400, 450)
            .received(5025, 5200, 600, 700)
            .atIndex(1));
    assertThat(left).hasSize(1);
    HopEnd end = left.get(0);
    assertThat(end.head().requestId()).isEqualTo("a");
    assertThat(end.points().sends()).isEqualTo(new IoTimes(100, 450));
    assertThat(end.points().arrivals()).isEqualTo(new IoTimes(600, 700));
    assertThat(end.points().sendStart()).isEqualTo(1000);
    assertThat(end.points().receiveStart()).isEqualTo(5025);
    assertThat(accounting.joinedCount()).isEqualTo(1);
  }

  @Test
  void finalResponse_isTheAcceptors() {
    take(TestRecords.acceptor(2).head("HTTP/1.1 100 Continue\r\n\r\n"));
    take(
        TestRecords.acceptor(2)
            .received(1100, 1900, 410, 460)
            .sent(5025, 5200, 500, 550)
            .atIndex(1)
            .head("HTTP/1.1 201 Created\r\n\r\n"));
    assertThat(left).hasSize(1);
    assertThat(left.get(0).head().status()).isEqualTo(201);
    assertThat(left.get(0).points().sends()).isEqualTo(new IoTimes(500, 550));
    assertThat(left.get(0).points().arrivals()).isEqualTo(new IoTimes(120, 460));
  }

  @Test
  void interimAndFinalInOneTurn_giveTheFinal() {
    take(
        TestRecords.acceptor(2)
            .head("HTTP/1.1 103 Early Hints\r\n\r\n")
            .head(WireHead.Kind.SENT, 5100, "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII)));
    assertThat(left).hasSize(1);
    assertThat(left.get(0).head().status()).isEqualTo(200);
    assertThat(left.get(0).points().sends()).isEqualTo(new IoTimes(150, 150));
    assertThat(left.get(0).points().sendStart()).isEqualTo(5100);
  }

  @Test
  void flushedSecondTurn_isJoinedAgainWhenItIsWhole() {
    take(TestRecords.initiator(1).head(EXPECTING));
    take(TestRecords.initiator(1).index(1).flags(WireRecord.IDLE_FLUSH));
    take(TestRecords.initiator(1).index(1));
    assertThat(left).hasSize(2).allMatch(end -> end.head().requestId().equals("a"));
    assertThat(accounting.joinedCount()).isEqualTo(1);
  }

  @Test
  void nextRequestWithoutBody_letsTheFirstGo() {
    take(TestRecords.initiator(1).head(EXPECTING));
    take(TestRecords.initiator(1).index(1).head("GET / HTTP/1.1\r\n\r\n"));
    assertThat(left).extracting(end -> end.head().method()).containsExactly("POST", "GET");
  }

  @Test
  void closedConnection_leavesAtOnce() {
    take(TestRecords.initiator(1).head(EXPECTING).flags(WireRecord.IDLE_FLUSH));
    take(TestRecords.initiator(1).head(EXPECTING).flags(WireRecord.CLOSED));
    assertThat(left).hasSize(1);
  }

  @Test
  void waitingTurn_isLetGoAfterAMinute() {
    take(TestRecords.initiator(1).head(EXPECTING));
    joiner.expire(TimeUnit.SECONDS.toNanos(59));
    assertThat(left).isEmpty();
    joiner.expire(TimeUnit.SECONDS.toNanos(60));
    assertThat(left).hasSize(1);
  }

  private void take(TestRecords bytes) {
    WireRecord record = bytes.build();
    accounting.seen();
    HttpHead head = HttpHead.parse(record.firstHead(WireHead.Kind.SENT));
    joiner.accept(HopEnd.of(record, head, "app"), 0);
  }
}
