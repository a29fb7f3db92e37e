/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadQueueTest {
  private static final int ENDS_MAX = 4;

  private final EndAccounting accounting = new EndAccounting();
  private final UploadQueue queue = new UploadQueue(ENDS_MAX, accounting);

  @AfterEach
  void accountingBalances() {
    assertThat(accounting.heldCount()).isEqualTo(queue.endCount());
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void batches_areNumberedFromOne() {
    offer(1);
    assertThat(queue.nextBatch().sequence()).isEqualTo(1);
    offer(1);
    assertThat(queue.nextBatch().sequence()).isEqualTo(2);
  }

  @Test
  void acknowledgement_coversAllBefore() {
    offer(1);
    queue.nextBatch();
    offer(2);
    queue.nextBatch();
    queue.acknowledge(2);
    assertThat(queue.unacknowledged()).isEmpty();
    assertThat(accounting.sentCount()).isEqualTo(3);
  }

  @Test
  void secondAcknowledgement_countsNothing() {
    offer(1);
    queue.nextBatch();
    queue.acknowledge(1);
    queue.acknowledge(1);
    assertThat(accounting.sentCount()).isEqualTo(1);
  }

  @Test
  void overflow_dropsTheOldestAndKeepsItsNumber() {
    offer(2);
    queue.nextBatch();
    offer(2);
    queue.nextBatch();
    offer(1);
    assertThat(accounting.lostCount(Loss.QUEUE_FULL)).isEqualTo(2);
    assertThat(queue.unacknowledged()).extracting(UploadBatch::newEnds).containsExactly(0, 2);
    assertThat(queue.unacknowledged()).extracting(UploadBatch::sequence).containsExactly(1L, 2L);
  }

  @Test
  void overflowOfWhatWasNeverSent_dropsTheOldest() {
    offer(6);
    assertThat(accounting.lostCount(Loss.QUEUE_FULL)).isEqualTo(2);
    assertThat(queue.nextBatch().newEnds()).isEqualTo(ENDS_MAX);
  }

  @Test
  void abandoned_isLost() {
    offer(1);
    queue.nextBatch();
    offer(1);
    queue.abandon();
    assertThat(accounting.lostCount(Loss.SHUTDOWN)).isEqualTo(2);
  }

  @Test
  void overflow_keepsSeries() {
    queue.offerSeries(List.of(new byte[] {1}, new byte[] {2}));
    offer(4);
    assertThat(queue.nextBatch().series()).hasSize(2);
    offer(1);
    assertThat(accounting.lostCount(Loss.QUEUE_FULL)).isEqualTo(4);
    assertThat(queue.unacknowledged().get(0).series()).hasSize(2);
    assertThat(queue.untoldSeriesCount()).isEqualTo(2);
    queue.acknowledge(1);
    assertThat(queue.untoldSeriesCount()).isZero();
  }

  @Test
  void manySeries_takeMoreThanOneBatch() {
    byte[] large = new byte[100 * 1024];
    queue.offerSeries(List.of(large, large, large, large));
    offer(1);
    assertThat(queue.nextBatch().series()).hasSize(3);
    UploadBatch second = queue.nextBatch();
    assertThat(second.series()).hasSize(1);
    assertThat(second.exchanges()).hasSize(1);
    queue.acknowledge(1);
    assertThat(queue.untoldSeriesCount()).isEqualTo(1);
  }

  private void offer(int ends) {
    for (int i = 0; i < ends; i++) {
      accounting.seen();
      queue.offer(TestExchanges.single(i));
    }
    queue.settle();
  }
}
