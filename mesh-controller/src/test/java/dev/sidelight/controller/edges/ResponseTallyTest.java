/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ResponseTallyTest {

  private final ResponseTally tally = new ResponseTally();

  @Test
  void counts_comeByCodeThenStatusThenFlags() {
    tally.add(503, ResponseCount.NO_GRPC_STATUS, 1, 1);
    tally.add(200, 14, 0, 1);
    tally.add(200, 0, 0, 3);
    tally.add(200, ResponseCount.NO_GRPC_STATUS, 0, 2);
    tally.add(200, 0, 0, 4);
    assertThat(tally.toCounts(id -> id == 0 ? "-" : "UF"))
        .containsExactly(
            new ResponseCount(200, ResponseCount.NO_GRPC_STATUS, "-", 2),
            new ResponseCount(200, 0, "-", 7),
            new ResponseCount(200, 14, "-", 1),
            new ResponseCount(503, ResponseCount.NO_GRPC_STATUS, "UF", 1));
  }

  @Test
  void counts_growOnWhenTheyWereTold() {
    tally.add(200, 0, 0, 1);
    assertThat(tally.toCounts(id -> "-")).containsExactly(new ResponseCount(200, 0, "-", 1));
    tally.add(200, 0, 0, 2);
    assertThat(tally.toCounts(id -> "-")).containsExactly(new ResponseCount(200, 0, "-", 3));
  }

  /** Whatever number a peer writes into its trailers, there are 17 at most. */
  @Test
  void statusThatGrpcDoesNotKnow_isUnknown() {
    tally.add(200, 17, 0, 1);
    tally.add(200, Integer.MAX_VALUE, 0, 1);
    assertThat(tally.toCounts(id -> "-")).containsExactly(new ResponseCount(200, 2, "-", 2));
  }

  @Test
  void packed_isReadBack() {
    tally.add(200, 14, 3, 5);
    tally.add(0, ResponseCount.NO_GRPC_STATUS, 1, 2);
    VarintBuffer packed = new VarintBuffer();
    tally.pack(packed);
    VarintReader reader = new VarintReader(packed.toBytes());
    assertThat(new long[] {reader.next(), reader.next(), reader.next(), reader.next()})
        .containsExactly(2, 0, 0, 1);
    assertThat(new long[] {reader.next(), reader.next(), reader.next(), reader.next()})
        .containsExactly(2, 200, 15, 3);
    assertThat(reader.next()).isEqualTo(5);
  }
}
