/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.probe.event.TestRecords;
import dev.sidelight.probe.event.WireRecord;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndAccounting.Loss;
import dev.sidelight.probe.hop.EndPairer;
import dev.sidelight.probe.hop.HopEnd;
import dev.sidelight.probe.hop.HttpHead;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * No end is lost in silence, whatever the order of flushes, final records, losses, batches and
 * acknowledgements.
 */
class EndAccountingPropertyTest {
  private static final int QUEUE_ENDS = 6;
  private static final long HOLD = 3;

  private enum Kind {
    FLUSH,
    FINAL,
    CHANGED,
    RING_FULL,
    EXPIRE,
    BATCH,
    ACKNOWLEDGE
  }

  private record Step(Kind kind, boolean initiator, int connection, int index) {}

  @Property(tries = 500)
  void everyEnd_isSentRepeatedLostOrHeld(@ForAll("steps") List<Step> steps) {
    EndAccounting accounting = new EndAccounting();
    UploadQueue queue = new UploadQueue(QUEUE_ENDS, accounting);
    EndPairer pairer = new EndPairer(HOLD, end -> true, accounting, queue::offer);
    long now = 0;
    for (Step step : steps) {
      now++;
      take(step, now, accounting, queue, pairer);
      assertThat(accounting.isBalanced()).isTrue();
      assertThat(accounting.heldCount()).isEqualTo(pairer.heldCount() + queue.endCount());
    }
    pairer.expire(Long.MAX_VALUE);
    queue.abandon();
    assertThat(accounting.heldCount()).isZero();
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 2))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  private static void take(
      Step step, long now, EndAccounting accounting, UploadQueue queue, EndPairer pairer) {
    switch (step.kind()) {
      case FLUSH -> accept(step, now, accounting, pairer, WireRecord.IDLE_FLUSH, 0);
      case FINAL -> accept(step, now, accounting, pairer, 0, 0);
      case CHANGED -> accept(step, now, accounting, pairer, 0, 1);
      case RING_FULL -> accounting.lostUnseen(Loss.RING_FULL, 1);
      case EXPIRE -> pairer.expire(now);
      case BATCH -> {
        queue.settle();
        queue.nextBatch();
      }
      case ACKNOWLEDGE ->
          queue.unacknowledged().stream()
              .findFirst()
              .ifPresent(batch -> queue.acknowledge(batch.sequence()));
    }
  }

  private static void accept(
      Step step, long now, EndAccounting accounting, EndPairer pairer, int flags, int retransmits) {
    long cookie = 2L * step.connection() + (step.initiator() ? 0 : 1) + 1;
    TestRecords record =
        step.initiator() ? TestRecords.initiator(cookie) : TestRecords.acceptor(cookie);
    record.netns(step.connection()).index(step.index()).flags(flags).retransmits(retransmits);
    accounting.seen();
    pairer.accept(HopEnd.of(record.build(), HttpHead.NONE, "envoy"), now);
  }
}
