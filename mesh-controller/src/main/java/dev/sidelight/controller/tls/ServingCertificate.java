/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The certificate that servers show at present. Connections that are open keep the one that they
 * began with. Any thread.
 */
public final class ServingCertificate {

  /** How often a source is to be looked at: a Secret's volume is a minute late anyway. */
  public static final long CHECK_MILLIS = 10_000;

  // deps
  private final CertificateSource source;
  private final CertificateEvents events;

  // state
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private volatile ServerCertificate current;

  /**
   * Reads it for the first time.
   *
   * @throws CertificateRefusedException where there is none to serve with
   */
  public ServingCertificate(CertificateSource source, CertificateEvents events)
      throws CertificateRefusedException {
    this.source = source;
    this.events = events;
    current = source.read();
    events.loaded(current.notAfterEpochSeconds());
  }

  /** The one to begin with. */
  public ServerCertificate current() {
    return current;
  }

  /** This server takes every later one. */
  public void follow(HttpServer server) {
    servers.add(server);
  }

  /** Looks whether there is another. Waits for disks and networks. */
  public synchronized void check() {
    ServerCertificate read;
    try {
      read = source.read();
    } catch (CertificateRefusedException e) {
      events.failed(e.getMessage());
      return;
    }
    if (read.isSameAs(current)) {
      return;
    }
    current = read;
    Future.all(servers.stream().map(server -> server.updateSSLOptions(read.options())).toList())
        .onSuccess(changed -> events.loaded(read.notAfterEpochSeconds()))
        .onFailure(failure -> events.failed(failure.toString()));
  }
}
