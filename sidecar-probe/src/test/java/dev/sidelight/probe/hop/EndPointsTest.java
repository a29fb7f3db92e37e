/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireRecord;
import org.junit.jupiter.api.Test;

class EndPointsTest {

  @Test
  void turn_givesFirstAndLast() {
    EndPoints points = points(TestRecords.initiator(1));
    assertThat(points.sends()).isEqualTo(new IoTimes(100, 110));
    assertThat(points.arrivals()).isEqualTo(new IoTimes(160, 170));
    assertThat(points.reads()).isEqualTo(new IoTimes(165, 175));
    assertThat(points.isWhole()).isTrue();
  }

  @Test
  void sentAlert_isNoPartOfTheExchange() {
    EndPoints points = points(TestRecords.initiator(1).send(900, 1100, IoEntry.ALERT));
    assertThat(points.sends().lastNanos()).isEqualTo(110);
    assertThat(points.sendEnd()).isEqualTo(1100);
    assertThat(points.repeats(points(TestRecords.initiator(1)))).isTrue();
  }

  @Test
  void receivedAlert_isBelievedWhereTheConnectionEnds() {
    TestRecords bytes =
        TestRecords.initiator(1)
            .arrival(900, 5224, IoEntry.ALERT)
            .read(905, 5224, 0)
            .receiveEnd(5224);
    assertThat(points(bytes).arrivals().lastNanos()).isEqualTo(900);
    EndPoints closed = points(bytes.flags(WireRecord.CLOSED));
    assertThat(closed.arrivals().lastNanos()).isEqualTo(170);
    assertThat(closed.reads().lastNanos()).isEqualTo(175);
    assertThat(closed.receiveEnd()).isEqualTo(5200);
  }

  @Test
  void alertReadWithTheResponse_leavesThatRead() {
    EndPoints closed =
        points(
            TestRecords.acceptor(1)
                .withoutReads()
                .read(140, 1124, 0)
                .arrival(135, 1124, IoEntry.ALERT)
                .receiveEnd(1124)
                .flags(WireRecord.CLOSED));
    assertThat(closed.reads().lastNanos()).isEqualTo(140);
    assertThat(closed.receiveEnd()).isEqualTo(1100);
  }

  @Test
  void missedFirstOrLastArrival_leavesNoTimeOfArrival() {
    for (int outer : new int[] {1 << 18, 1 << 19}) {
      EndPoints points = points(TestRecords.acceptor(1).flags(1 << 17 | outer));
      assertThat(points.arrivals()).isEqualTo(IoTimes.NONE);
      assertThat(points.reads().isNone()).isFalse();
      assertThat(points.flags()).isZero();
    }
  }

  @Test
  void missedArrivalBetweenOthers_isNoLoss() {
    EndPoints whole = points(TestRecords.acceptor(1));
    assertThat(points(TestRecords.acceptor(1).flags(1 << 17)).arrivals())
        .isEqualTo(whole.arrivals());
  }

  @Test
  void senderThatWaitedForRoom_isTold() {
    assertThat(points(TestRecords.acceptor(1).flags(32)).flags()).isEqualTo(32);
  }

  @Test
  void plaintextEntry_isTheFirstOfItsKind() {
    EndPoints points = points(TestRecords.acceptor(1).send(160, 5200, IoEntry.PLAIN));
    assertThat(points.sends()).isEqualTo(new IoTimes(160, 160));
  }

  @Test
  void repetition_ignoresOnlyWhyItWasEmitted() {
    EndPoints flush = points(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH));
    assertThat(flush.repeats(points(TestRecords.initiator(1).flags(WireRecord.CLOSED)))).isTrue();
    assertThat(flush.repeats(points(TestRecords.initiator(1).flags(1)))).isFalse();
    assertThat(flush.repeats(points(TestRecords.initiator(1).retransmits(1)))).isFalse();
  }

  private static EndPoints points(TestRecords record) {
    return EndPoints.of(record.build());
  }
}
