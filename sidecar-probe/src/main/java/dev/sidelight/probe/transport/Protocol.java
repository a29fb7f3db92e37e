/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.util.Locale;

/** What a connection speaks. */
public enum Protocol {
  /** HTTP/1.0 and 1.1. */
  HTTP1,
  /** HTTP/2 by its preface. */
  HTTP2,
  /** HTTP/2 that carries gRPC. */
  GRPC,
  /** Encrypted, and nobody has told what is inside. */
  TLS,
  /** Anything else. */
  TCP,
  /** MySQL's client protocol. */
  MYSQL,
  /** RESP. */
  REDIS,
  /** PostgreSQL's protocol 3. */
  POSTGRES,
  /** MongoDB's wire protocol. */
  MONGODB,
  /** Kafka's. */
  KAFKA,
  /** DNS over TCP. */
  DNS;

  /** Value of the label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
