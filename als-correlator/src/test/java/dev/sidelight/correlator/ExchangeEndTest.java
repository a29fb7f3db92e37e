/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExchangeEndTest {

  @Test
  void initiator_sendsTheRequestAndReadsTheResponse() {
    ExchangeEnd end = end(true, 1_000, 1_300, 5_000, 5_200);

    assertThat(end.requestEnd()).isEqualTo(1_300);
    assertThat(end.responseEnd()).isEqualTo(5_200);
    assertThat(end.bytesSent()).isEqualTo(300);
    assertThat(end.bytesReceived()).isEqualTo(200);
  }

  @Test
  void acceptor_readsTheRequestAndSendsTheResponse() {
    ExchangeEnd end = end(false, 5_000, 5_200, 1_000, 1_300);

    assertThat(end.requestEnd()).isEqualTo(1_300);
    assertThat(end.responseEnd()).isEqualTo(5_200);
    assertThat(end.bytesSent()).isEqualTo(200);
    assertThat(end.bytesReceived()).isEqualTo(300);
  }

  @Test
  void positionsThatWrapAround_stillCountTheBytes() {
    ExchangeEnd end = end(true, -100, 200, Integer.MAX_VALUE - 9, Integer.MIN_VALUE + 10);

    assertThat(end.bytesSent()).isEqualTo(300);
    assertThat(end.bytesReceived()).isEqualTo(20);
  }

  @Test
  void moreThanTwoGigabytes_areNotNegative() {
    assertThat(end(true, 0, -1, 0, Integer.MIN_VALUE).bytesSent()).isEqualTo(4_294_967_295L);
    assertThat(end(true, 0, -1, 0, Integer.MIN_VALUE).bytesReceived()).isEqualTo(2_147_483_648L);
  }

  @Test
  void unread_isFromTheFirstArrivalToTheFirstReadWithinTheStretch() {
    assertThat(unread(100, 400).unreadNanos(0, 1_000)).isEqualTo(300);
    assertThat(unread(100, 400).unreadNanos(200, 1_000)).isEqualTo(200);
    assertThat(unread(100, 400).unreadNanos(0, 150)).isEqualTo(50);
    assertThat(unread(100, 400).unreadNanos(400, 1_000)).isZero();
    assertThat(unread(100, 400).unreadNanos(0, 100)).isZero();
  }

  @Test
  void unreadOfAnArrivalOrAReadThatWasNotSeen_isNotKnown() {
    assertThat(unread(0, 400).unreadNanos(0, 1_000)).isZero();
    assertThat(unread(-100, 0).unreadNanos(-200, 1_000)).isZero();
  }

  private static ExchangeEnd unread(long firstArrivalNanos, long firstReadNanos) {
    TestEnd end = new TestEnd();
    end.firstArrivalNanos = firstArrivalNanos;
    end.firstReadNanos = firstReadNanos;
    return end.build();
  }

  private static ExchangeEnd end(
      boolean initiator, int sendStart, int sendEnd, int receiveStart, int receiveEnd) {
    TestEnd end = new TestEnd();
    end.initiator = initiator;
    end.sendStart = sendStart;
    end.sendEnd = sendEnd;
    end.receiveStart = receiveStart;
    end.receiveEnd = receiveEnd;
    return end.build();
  }
}
