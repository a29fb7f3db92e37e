/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

/** What the streams of one event loop share. */
final class EntryDecoders {

  // deps
  private final StringPool pool = new StringPool();
  private final PodNames pods;
  private final HttpEntryDecoder http;
  private final TcpEntryDecoder tcp;

  EntryDecoders(PodNames pods) {
    this.pods = pods;
    this.http = new HttpEntryDecoder(pods);
    this.tcp = new TcpEntryDecoder(pods);
  }

  StringPool pool() {
    return pool;
  }

  PodNames pods() {
    return pods;
  }

  HttpEntryDecoder http() {
    return http;
  }

  TcpEntryDecoder tcp() {
    return tcp;
  }
}
