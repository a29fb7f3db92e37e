/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "1024, 0",
    "1025, 1",
    "2048, 1",
    "2049, 2",
    "1048576, 10",
    "17179869184, 24",
    "17179869185, 25",
    "9000000000000, 25"
  })
  void bound_belongsToTheBucketBelow(long nanos, int bucket) {
    Durations durations = new Durations();
    durations.observe(nanos);
    assertThat(durations.bucket(bucket)).isEqualTo(1);
    assertThat(durations.count()).isEqualTo(1);
    assertThat(durations.total()).isEqualTo(nanos);
  }
}
