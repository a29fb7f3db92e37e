/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireHead;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pipelined requests and early responses, through what joins and what pairs. */
class PipelineTest {
  private static final String GET = "GET /a HTTP/1.1\r\nx-request-id: %s\r\n\r\n";
  private static final int LENGTH = String.format(GET, "1").length();
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] GONE = "HTTP/1.1 410 Gone\r\n\r\n".getBytes(US_ASCII);

  private final EndAccounting accounting = new EndAccounting();
  private final List<HopExchange> left = new ArrayList<>();
  private final EndPairer pairer = new EndPairer(300, end -> true, accounting, left::add);
  private final TurnJoiner joiner = new TurnJoiner(accounting, pairer::accept);

  @AfterEach
  void accountingBalances() {
    int newEnds = left.stream().mapToInt(HopExchange::newEnds).sum();
    assertThat(accounting.heldCount()).isEqualTo(newEnds + pairer.heldCount());
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void requestsOfOneSend_areAnExchangeEach() {
    take(twoRequests());
    take(twoResponses());
    assertThat(left).hasSize(2);
    assertThatIs(left.get(0), "1", 1000, 200, 5000);
    assertThatIs(left.get(1), "2", 1000 + LENGTH, 410, 5100);
    assertThat(left.get(1).acceptor().points().sends()).isEqualTo(new IoTimes(150, 150));
    assertThat(left.get(0).initiator().points().reads()).isEqualTo(new IoTimes(165, 165));
    assertThat(left.get(1).initiator().points().reads()).isEqualTo(new IoTimes(175, 175));
    assertThat(left).extracting(e -> e.acceptor().points().exchangeIndex()).doesNotHaveDuplicates();
  }

  @Test
  void acceptorInTwoTurns_isCutAsWell() {
    take(twoRequests());
    take(
        TestRecords.acceptor(2)
            .received(1000, 1000 + LENGTH, 120, 125)
            .sent(5000, 5100, 140, 140)
            .head(WireHead.Kind.SENT, 5000, OK));
    take(
        TestRecords.acceptor(2)
            .received(1000 + LENGTH, 1000 + 2 * LENGTH, 142, 145)
            .sent(5100, 5200, 150, 150)
            .atIndex(1)
            .head(WireHead.Kind.SENT, 5100, GONE));
    assertThat(left).hasSize(2);
    assertThatIs(left.get(0), "1", 1000, 200, 5000);
    assertThatIs(left.get(1), "2", 1000 + LENGTH, 410, 5100);
    assertThat(left.get(1).acceptor().points().arrivals()).isEqualTo(new IoTimes(142, 145));
  }

  @Test
  void bodyOfKnownLength_isNoRequest() {
    String post = "POST /b HTTP/1.1\r\ncontent-length: 5\r\n\r\nGET /";
    take(
        TestRecords.initiator(1)
            .sent(1000, 1000 + post.length() + LENGTH, 100, 100)
            .received(5000, 5200, 160, 170)
            .head(post + String.format(GET, "2")));
    take(
        TestRecords.acceptor(2)
            .received(1000, 1000 + post.length() + LENGTH, 120, 130)
            .head(WireHead.Kind.SENT, 5000, OK)
            .head(WireHead.Kind.SENT, 5100, GONE));
    assertThat(left)
        .extracting(e -> e.initiator().head().method() + e.acceptor().head().status())
        .containsExactly("POST200", "GET410");
  }

  @Test
  void moreIoThanIsKnown_isCountedAndNotGuessed() {
    take(twoRequests());
    take(twoResponses().sendCount(7));
    assertThat(left).isEmpty();
    assertThat(accounting.lostCount(EndAccounting.Loss.UNFRAMED)).isEqualTo(2);
  }

  @Test
  void restOfAnUploadAnsweredEarly_isNoPartOfTheNextRequest() {
    take(
        TestRecords.initiator(1)
            .sent(1000, 1010 + LENGTH, 90, 100)
            .send(110, 1010, 0)
            .head(WireHead.Kind.SENT, 1010, String.format(GET, "2").getBytes(US_ASCII)));
    take(
        TestRecords.acceptor(2)
            .received(990, 1010 + LENGTH, 105, 120)
            .head(WireHead.Kind.SENT, 5000, OK));
    assertThat(left).hasSize(1);
    HopExchange exchange = left.get(0);
    assertThat(exchange.initiator().head().requestId()).isEqualTo("2");
    assertThat(exchange.initiator().points().sendStart()).isEqualTo(1010);
    assertThat(exchange.initiator().points().sends()).isEqualTo(new IoTimes(100, 110));
    assertThat(exchange.acceptor().points().receiveStart()).isEqualTo(1010);
  }

  private static TestRecords twoRequests() {
    return TestRecords.initiator(1)
        .sent(1000, 1000 + 2 * LENGTH, 100, 100)
        .received(5000, 5200, 160, 170)
        .head(String.format(GET, "1") + String.format(GET, "2"));
  }

  private static TestRecords twoResponses() {
    return TestRecords.acceptor(2)
        .received(1000, 1000 + 2 * LENGTH, 120, 130)
        .sent(5000, 5200, 140, 150)
        .head(WireHead.Kind.SENT, 5000, OK)
        .head(WireHead.Kind.SENT, 5100, GONE);
  }

  private static void assertThatIs(
      HopExchange exchange, String id, int requestStart, int status, int responseStart) {
    EndPoints asked = exchange.initiator().points();
    EndPoints answered = exchange.acceptor().points();
    assertThat(exchange.initiator().head().requestId()).isEqualTo(id);
    assertThat(exchange.acceptor().head().status()).isEqualTo(status);
    assertThat(asked.sendStart()).isEqualTo(requestStart).isEqualTo(answered.receiveStart());
    assertThat(asked.sendEnd()).isEqualTo(requestStart + LENGTH).isEqualTo(answered.receiveEnd());
    assertThat(asked.receiveStart()).isEqualTo(responseStart).isEqualTo(answered.sendStart());
    assertThat(asked.receiveEnd()).isEqualTo(answered.sendEnd());
  }

  private void take(TestRecords bytes) {
    accounting.seen();
    HttpHead head = HttpHead.parse(bytes.build().firstHead(WireHead.Kind.SENT));
    joiner.accept(HopEnd.of(bytes.build(), head, "app"), 0);
  }
}
