/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

/** The functions of OpenSSL that are looked at, as they are called since 1.1 or before. */
public enum SslFunction {
  READ("SSL_read", 1),
  /** Since 1.1.1. */
  READ_EX("SSL_read_ex", 2),
  WRITE("SSL_write", 3),
  /** Since 1.1.1. */
  WRITE_EX("SSL_write_ex", 4),
  DO_HANDSHAKE("SSL_do_handshake", 5),
  ACCEPT("SSL_accept", 5),
  CONNECT("SSL_connect", 5),
  FREE("SSL_free", 6);

  private final String symbol;
  private final int call;

  SslFunction(String symbol, int call) {
    this.symbol = symbol;
    this.call = call;
  }

  /** Its name in the library. */
  public String symbol() {
    return symbol;
  }

  /** What the BPF programs call it: enum tls_call. */
  public int call() {
    return call;
  }
}
