/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One exchange as one of the oracle's programs saw it: its own clock just before and just after
 * each system call, CLOCK_MONOTONIC nanoseconds.
 *
 * @param attempt at the app how often it had been asked for that call, this time included
 * @param port of the caller's connection at its end; at the app the other end's
 * @param readyNanos by then all that was to be read lay in the socket; 0 where that was not seen
 */
record ObservedExchange(
    String requestId,
    int attempt,
    int port,
    Bracket firstSend,
    Bracket lastSend,
    Bracket lastRead,
    long readyNanos) {

  static ObservedExchange of(JsonNode line) {
    return new ObservedExchange(
        line.get("requestId").asText(),
        line.get("attempt").asInt(),
        line.get("port").asInt(),
        bracket(line.get("firstSend")),
        bracket(line.get("lastSend")),
        bracket(line.get("lastRead")),
        line.get("ready").asLong());
  }

  private static Bracket bracket(JsonNode readings) {
    return new Bracket(readings.get(0).asLong(), readings.get(1).asLong());
  }

  /** What the data waited at least between being there and the read's begin, nanoseconds. */
  long leastWaitNanos() {
    return readyNanos == 0 ? 0 : Math.max(0, lastRead.lowNanos() - readyNanos);
  }
}
