/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndPairerTest {
  private static final long HOLD = 300;

  private final EndAccounting accounting = new EndAccounting();
  private final List<HopExchange> left = new ArrayList<>();
  private final EndPairer pairer =
      new EndPairer(HOLD, end -> !end.process().equals("elsewhere"), accounting, left::add);

  @AfterEach
  void accountingBalances() {
    int newEnds = left.stream().mapToInt(HopExchange::newEnds).sum();
    assertThat(accounting.heldCount()).isEqualTo(newEnds + pairer.heldCount());
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void twoEnds_leaveTogether() {
    take(TestRecords.acceptor(2), 0);
    take(TestRecords.initiator(1), 10);
    assertThatOnePairLeft();
    assertThat(accounting.pairedCount()).isEqualTo(2);
  }

  @Test
  void startsThatDifferAsTlsHasThem_pairByTheirEnds() {
    take(TestRecords.initiator(1).sent(900, 1100, 90, 110), 0);
    take(TestRecords.acceptor(2), 0);
    assertThatOnePairLeft();
  }

  @Test
  void responseReadInPart_pairsByItsStart() {
    take(TestRecords.initiator(1).received(5000, 5100, 160, 170), 0);
    take(TestRecords.acceptor(2), 0);
    assertThatOnePairLeft();
  }

  @Test
  void otherResponse_isNotPaired() {
    take(TestRecords.initiator(1).received(6000, 6200, 160, 170), 0);
    take(TestRecords.acceptor(2), 0);
    assertThat(left).isEmpty();
    assertThat(pairer.heldCount()).isEqualTo(2);
  }

  @Test
  void otherNamespace_isNotPaired() {
    take(TestRecords.initiator(1), 0);
    take(TestRecords.acceptor(2).netns(8), 0);
    assertThat(left).isEmpty();
  }

  @Test
  void responseReadBeforeItWasSent_isNotPaired() {
    take(TestRecords.initiator(1), 0);
    take(TestRecords.acceptor(2).sent(5000, 5200, 500, 510), 0);
    assertThat(left).isEmpty();
  }

  @Test
  void endWithoutPeer_leavesSinglyAfterItsHold() {
    take(TestRecords.initiator(1), 0);
    pairer.expire(HOLD - 1);
    assertThat(left).isEmpty();
    pairer.expire(HOLD);
    assertThat(left).singleElement().matches(exchange -> !exchange.isPaired());
  }

  @Test
  void endWhosePeerIsElsewhere_leavesAtOnce() {
    take(TestRecords.initiator(1), "elsewhere", 0);
    assertThat(left).hasSize(1);
  }

  @Test
  void endWithoutResponse_leavesAtOnce() {
    take(TestRecords.initiator(1).received(5000, 5000, 0, 0).received(0, 0, -5, -5), 0);
    assertThat(left).hasSize(1);
  }

  @Test
  void finalRecordThatRepeatsTheFlush_isDropped() {
    take(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.acceptor(2).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.initiator(1), 1000);
    take(TestRecords.acceptor(2).flags(WireRecord.CLOSED), 1000);
    pairer.expire(5000);
    assertThatOnePairLeft();
    assertThat(accounting.repeatedCount()).isEqualTo(2);
  }

  @Test
  void finalRecordsThatSayMore_supersedeTogether() {
    take(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.acceptor(2).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.initiator(1).received(5000, 5400, 160, 900), 1000);
    take(TestRecords.acceptor(2).sent(5000, 5400, 140, 850), 1000);
    assertThat(left).hasSize(2);
    assertThat(left.get(1).initiator().supersedes()).isTrue();
    assertThat(left.get(1).acceptor().supersedes()).isTrue();
  }

  @Test
  void finalRecordOfOneEndOnly_leavesBesideThePeerThatWasFlushed() {
    take(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.acceptor(2).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.acceptor(2).retransmits(1), 1000);
    take(TestRecords.initiator(1), 1000);
    pairer.expire(1000 + HOLD);
    assertThat(left).hasSize(2);
    assertThat(left.get(1).isPaired()).isTrue();
    assertThat(left.get(1).newEnds()).isEqualTo(1);
    assertThat(left.get(1).acceptor().supersedes()).isTrue();
  }

  @Test
  void recordThatOvertakesItsOwnFlushInTheHold_supersedesNothing() {
    take(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.initiator(1).retransmits(1), 10);
    take(TestRecords.acceptor(2), 20);
    assertThatOnePairLeft();
    assertThat(left.get(0).initiator().supersedes()).isFalse();
  }

  @Test
  void nextExchange_isNoRepetition() {
    take(TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.acceptor(2).flags(WireRecord.IDLE_FLUSH), 0);
    take(TestRecords.initiator(1).index(1), 10);
    take(TestRecords.acceptor(2).index(1), 10);
    assertThat(left).hasSize(2).allMatch(HopExchange::isPaired);
    assertThat(left.get(1).initiator().supersedes()).isFalse();
  }

  private void take(TestRecords record, long nowNanos) {
    take(record, "envoy", nowNanos);
  }

  private void take(TestRecords record, String process, long nowNanos) {
    accounting.seen();
    pairer.accept(HopEnd.of(record.build(), HttpHead.NONE, process), nowNanos);
  }

  private void assertThatOnePairLeft() {
    assertThat(left).singleElement().matches(HopExchange::isPaired);
    assertThat(left.get(0).initiator().cookie()).isEqualTo(1);
    assertThat(left.get(0).acceptor().cookie()).isEqualTo(2);
  }
}
