/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.time.Instant;
import java.time.InstantSource;

/** Wall clock that stands until it is moved. */
public final class FakeClock implements InstantSource {

  private volatile Instant now;

  public FakeClock(long epochSecond) {
    now = Instant.ofEpochSecond(epochSecond);
  }

  public void advanceSeconds(long seconds) {
    now = now.plusSeconds(seconds);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
