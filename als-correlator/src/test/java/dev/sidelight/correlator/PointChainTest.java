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
    PointChain chain = PointChain.from(100).then(90).then(120);

    assertThat(chain.distance(1)).isZero();
    assertThat(chain.distance(2)).isEqualTo(20);
    assertThat(chain.isClamped()).isTrue();
  }

  @Test
  void pointNotSeen_makesTheChainIncomplete() {
    assertThat(PointChain.from(100).then(0).isComplete()).isFalse();
    assertThat(PointChain.from(100).then(100).isComplete()).isTrue();
  }

  @Test
  void continuedChain_startsNoEarlierThanItsPredecessorEnds() {
    PointChain back = PointChain.from(100).then(200).continueWith(150).then(300);

    assertThat(back.at(0)).isEqualTo(200);
    assertThat(back.distance(1)).isEqualTo(100);
    assertThat(back.isClamped()).isTrue();
    assertThat(PointChain.from(100).continueWith(150).isClamped()).isFalse();
  }

  @Test
  void continuedChainWithoutItsFirstPoint_isIncomplete() {
    assertThat(PointChain.from(100).continueWith(0).isComplete()).isFalse();
  }
}
