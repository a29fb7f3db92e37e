/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.probe.hop.HopExchange;

/**
 * An exchange as it waits: a fifth of the memory of the objects that it was made from.
 *
 * @param netns inode of its network namespace
 * @param newEnds how many of its ends leave for the first time, 1 or 2
 * @param bytes of the contract's message; whoever holds it does not change them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record QueuedExchange(int netns, int newEnds, byte[] bytes) {

  static QueuedExchange of(HopExchange exchange, ExchangeWriter writer) {
    return new QueuedExchange(exchange.netns(), exchange.newEnds(), writer.write(exchange));
  }
}
