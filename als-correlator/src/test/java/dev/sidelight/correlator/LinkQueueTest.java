/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of an encrypted link's reads was the one that Envoy stamped. */
class LinkQueueTest {

  private static final long STAMP_NANOS = 60_000_000_000L;

  /** How long before its stamp a read may have been. */
  private static final long DECODED_NANOS = 20_000_000;

  private final TestCall call = new TestCall(1, STAMP_NANOS);
  private final Leg leg = new Leg(call.destinationEntry(), STAMP_NANOS);
  private final ConnectionExchanges turns = new ConnectionExchanges();

  @BeforeEach
  void connection() {
    turns.reset(TestCall.DESTINATION_POD, true, TestCall.APP, TestCall.REDIRECTED);
  }

  @Test
  void lastReadBeforeTheStamp_isTaken() {
    turn(0, 9_000_000, 8_000_000);
    turn(1, 3_000_000, 1_000_000);
    turn(2, -500_000, -1_000_000);
    find();
    assertTaken(3_000_000, 1_000_000);
  }

  @Test
  void readAtTheStampAndArrivalAtTheRead_areTaken() {
    turn(0, 0, 0);
    find();
    assertTaken(0, 0);
  }

  @Test
  void readThatIsTooFarFromTheStamp_isNot() {
    turn(0, DECODED_NANOS + 1_000, DECODED_NANOS);
    find();
    assertTaken(DECODED_NANOS + 1_000, DECODED_NANOS);

    turns.delete(turns.get(0));
    turn(0, DECODED_NANOS + 1_000, DECODED_NANOS + 1);
    find();
    assertNothingTaken();
  }

  @Test
  void turnWhoseSuccessorIsMissing_isNot() {
    turn(0, 3_000_000, 1_000_000);
    turn(2, -500_000, -1_000_000);
    find();
    assertNothingTaken();
  }

  @Test
  void readThatGoesOnBeyondTheStamp_isNot() {
    TestEnd end = end(0, 3_000_000, 1_000_000);
    end.lastReadNanos = STAMP_NANOS + 1;
    insert(end);
    find();
    assertNothingTaken();
  }

  @Test
  void arrivalThatIsNotKnownOrAfterTheRead_isNot() {
    TestEnd unknown = end(0, 3_000_000, 1_000_000);
    unknown.lastArrivalNanos = 0;
    insert(unknown);
    find();
    assertNothingTaken();

    turns.delete(turns.get(0));
    turn(0, 1_000_000, 1_000_001);
    find();
    assertNothingTaken();
  }

  @Test
  void noConnection_leavesNothingOfWhatWasFoundBefore() {
    turn(0, 3_000_000, 1_000_000);
    find();
    new LinkQueue().find(leg, null, true, STAMP_NANOS);
    assertNothingTaken();
  }

  private void find() {
    new LinkQueue().find(leg, turns, true, STAMP_NANOS);
  }

  private void turn(int index, long arrivalBeforeNanos, long readBeforeNanos) {
    insert(end(index, arrivalBeforeNanos, readBeforeNanos));
  }

  private TestEnd end(int index, long arrivalBeforeNanos, long readBeforeNanos) {
    TestEnd end = new TestEnd(call.linkAcceptor());
    end.exchangeIndex = index;
    end.firstArrivalNanos = STAMP_NANOS - arrivalBeforeNanos;
    end.lastArrivalNanos = end.firstArrivalNanos;
    end.firstReadNanos = STAMP_NANOS - readBeforeNanos;
    end.lastReadNanos = end.firstReadNanos;
    return end;
  }

  private void insert(TestEnd end) {
    turns.insert(
        new Exchange(
            new HopRecord(TestCall.NODE, TestCall.DESTINATION_POD, null, end.build(), false),
            STAMP_NANOS));
  }

  private void assertTaken(long arrivalBeforeNanos, long readBeforeNanos) {
    assertThat(leg.linkArrivalNanos).isEqualTo(STAMP_NANOS - arrivalBeforeNanos);
    assertThat(leg.linkReadNanos).isEqualTo(STAMP_NANOS - readBeforeNanos);
  }

  private void assertNothingTaken() {
    assertThat(leg.linkArrivalNanos).isZero();
    assertThat(leg.linkReadNanos).isZero();
  }
}
