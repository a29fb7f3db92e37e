/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class ConnectionExchangesTest {

  private static final long BEGIN_NANOS = 100_000_000_000L;

  private final ConnectionExchanges connection = new ConnectionExchanges();

  @Test
  void whateverComesAndGoes_isInTheOrderOfItsTime() {
    connection.reset(TestCall.SOURCE_POD, true, TestCall.APP, TestCall.REDIRECTED);
    assertFollowsASortedList(new Random(1), exchange -> exchange.acceptor().firstReadNanos());
  }

  @Test
  void initiators_areInTheOrderOfTheirFirstSend() {
    connection.reset(TestCall.SOURCE_POD, false, TestCall.APP, TestCall.SERVICE);
    assertFollowsASortedList(new Random(2), exchange -> exchange.initiator().firstSendNanos());
  }

  @Test
  void identity_isThePeersAddressAtAnAcceptorAndBothAtAnInitiator() {
    connection.reset(TestCall.SOURCE_POD, true, TestCall.APP, TestCall.REDIRECTED);
    assertThat(is(TestCall.SOURCE_POD, true, TestCall.APP, TestCall.SERVICE)).isTrue();
    assertThat(is("10.77.0.99", true, TestCall.APP, TestCall.SERVICE)).isFalse();
    assertThat(is(TestCall.SOURCE_POD, false, TestCall.APP, TestCall.REDIRECTED)).isFalse();
    assertThat(is(TestCall.SOURCE_POD, true, TestCall.LINK_LOCAL, TestCall.SERVICE)).isFalse();

    connection.reset(TestCall.SOURCE_POD, false, TestCall.APP, TestCall.SERVICE);
    assertThat(is(TestCall.SOURCE_POD, false, TestCall.APP, TestCall.SERVICE)).isTrue();
    assertThat(is(TestCall.SOURCE_POD, false, TestCall.APP, TestCall.REDIRECTED)).isFalse();
  }

  @Test
  void largeOne_isNotWorthKeeping() {
    connection.reset(TestCall.SOURCE_POD, true, TestCall.APP, TestCall.REDIRECTED);
    for (int i = 0; i < 256; i++) {
      connection.insert(exchange(i, BEGIN_NANOS + i));
    }
    assertThat(connection.isSmall()).isTrue();
    connection.insert(exchange(256, BEGIN_NANOS + 256));
    assertThat(connection.isSmall()).isFalse();
  }

  private boolean is(String pod, boolean accepted, SocketAddress near, SocketAddress far) {
    return connection.isOf(pod, accepted, near, far);
  }

  private void assertFollowsASortedList(Random random, ToLongFunction<Exchange> time) {
    List<Exchange> sorted = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      if (!sorted.isEmpty() && random.nextInt(100) < (i < 300 ? 35 : 60)) {
        Exchange gone = sorted.remove(random.nextInt(sorted.size()));
        connection.delete(gone);
      } else {
        Exchange come = exchange(i, BEGIN_NANOS + random.nextInt(400));
        sorted.add(come);
        sorted.sort(Comparator.comparingLong(time));
        connection.insert(come);
      }
      assertThat(connection).containsExactlyElementsOf(sorted);
      long nanos = BEGIN_NANOS + 60_000 + random.nextInt(400);
      assertThat(connection.countUpTo(nanos))
          .isEqualTo((int) sorted.stream().filter(at -> time.applyAsLong(at) <= nanos).count());
    }
  }

  private static Exchange exchange(int index, long startNanos) {
    return new Exchange(new TestCall(index, startNanos).hops().get(0), 0);
  }
}
