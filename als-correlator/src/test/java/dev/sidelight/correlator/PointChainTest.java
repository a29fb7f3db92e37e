/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PointChainTest {

  @Test
  void pointBeforeItsPredecessor_isMovedUpAndFlagged() {
    PointChain chain = chain(100).then(90).then(120);

    assertThat(chain.distance(1)).isZero();
    assertThat(chain.distance(2)).isEqualTo(20);
    assertThat(chain.isClamped()).isTrue();
  }

  @Test
  void pointNotSeen_makesTheChainIncomplete() {
    assertThat(chain(100).then(0).isComplete()).isFalse();
    assertThat(chain(100).then(100).isComplete()).isTrue();
  }

  @Test
  void continuedChain_startsNoEarlierThanItsPredecessorEnds() {
    PointChain back = after(chain(100).then(200), 150).then(300);

    assertThat(back.at(0)).isEqualTo(200);
    assertThat(back.distance(1)).isEqualTo(100);
    assertThat(back.isClamped()).isTrue();
    assertThat(after(chain(100), 150).isClamped()).isFalse();
  }

  @Test
  void continuedChainWithoutItsFirstPoint_isIncomplete() {
    assertThat(after(chain(100), 0).isComplete()).isFalse();
  }

  @Test
  void chainThatBeginsAnew_knowsNothingOfTheOneBefore() {
    PointChain chain = chain(100).then(90).then(0).from(50).then(60);

    assertThat(chain.at(0)).isEqualTo(50);
    assertThat(chain.isClamped()).isFalse();
    assertThat(chain.isComplete()).isTrue();
  }

  private static PointChain chain(long nanos) {
    return new PointChain().from(nanos);
  }

  private static PointChain after(PointChain before, long nanos) {
    return new PointChain().after(before, nanos);
  }
}
