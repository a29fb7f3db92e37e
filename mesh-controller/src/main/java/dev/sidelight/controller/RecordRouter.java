/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

/**
 * Takes every record to the correlator that owns it. Whoever receives a record does not assume that
 * it owns it: with one replica the owner is always the local correlator, and only this class knows.
 * Any thread; never blocks.
 */
final class RecordRouter {

  // deps
  private final CorrelatorThread local;

  RecordRouter(CorrelatorThread local) {
    this.local = local;
  }

  /** Hands a record over; what its owner has no room for is counted there. */
  void route(RoutedRecord record) {
    local.offer(record);
  }
}
