/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.AccessLogService;
import dev.sidelight.controller.als.CallerSource;
import dev.sidelight.controller.als.PodNames;
import dev.sidelight.controller.als.StreamAdmission;
import dev.sidelight.controller.hop.HopService;
import dev.sidelight.controller.hop.ProbeAdmission;
import dev.sidelight.controller.identity.TokenReviews;
import dev.sidelight.controller.kubernetes.Cluster;
import dev.sidelight.controller.limit.StreamLimits;
import dev.sidelight.controller.metrics.TlsMetrics;
import dev.sidelight.controller.tls.ServingCertificate;
import io.grpc.BindableService;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both ingests on their ports: who may call them, by which TLS, and within which bounds. */
final class IngestServers {

  private static final Logger logger = LoggerFactory.getLogger(IngestServers.class);

  /** Reason of what does not even begin as HTTP. */
  private static final String NO_HTTP = "no_http";

  /** Of tokens, by the API server. */
  private static final int REVIEWS_AT_ONCE = 4;

  // deps
  private final Vertx vertx;
  private final ControllerSettings settings;
  private final ClusterRecords cluster;
  private final PodNames pods;
  private final AccessLogIntake accessLogs;
  private final HopIntake hops;
  private final TlsMetrics metrics;
  private final RefusalLog log;

  // state
  private IngestCertificates certificates;
  private volatile String accessLogDeployment;
  private volatile String hopDeployment;
  private volatile boolean socketIsOurs;
  private final AtomicInteger alsPort = new AtomicInteger();
  private final AtomicInteger hopPort = new AtomicInteger();

  /**
   * Serves nothing yet.
   *
   * @param cluster null where no API server is asked
   */
  IngestServers(
      Vertx vertx,
      ControllerSettings settings,
      ClusterRecords cluster,
      PodNames pods,
      AccessLogIntake accessLogs,
      HopIntake hops,
      TlsMetrics metrics,
      RefusalLog log) {
    this.vertx = vertx;
    this.settings = settings;
    this.cluster = cluster;
    this.pods = pods;
    this.accessLogs = accessLogs;
    this.hops = hops;
    this.metrics = metrics;
    this.log = log;
  }

  /**
   * To be done before any is served.
   *
   * @throws SettingException where a certificate that is wanted is not there
   */
  void readCertificates() {
    certificates =
        new IngestCertificates(settings, cluster == null ? null : cluster.client(), metrics, log);
  }

  /**
   * Serves access logs.
   *
   * @param more services that the same port has
   */
  Future<?> serveAccessLogs(List<BindableService> more) {
    List<SocketAddress> addresses = new ArrayList<>();
    addresses.add(SocketAddress.inetSocketAddress(settings.als().port(), settings.als().host()));
    if (settings.alsSocketPath() != null) {
      addresses.add(SocketAddress.domainSocketAddress(settings.alsSocketPath().toString()));
    }
    StreamAdmission admission = proxyAdmission(settings.alsSecurity());
    return vertx
        .deployVerticle(
            () ->
                new GrpcEndpoint(
                    addresses,
                    AccessLogService.FULL_METHOD_NAME,
                    () -> new AccessLogService(accessLogs, pods, admission)::handle,
                    more,
                    (address, actualPort) -> note(alsPort, address, actualPort),
                    (peer, detail) -> accessLogs.messageRefused(NO_HTTP, peer, detail),
                    certificates.als()),
            // Each instance would take another free port.
            new DeploymentOptions()
                .setInstances(settings.als().port() == 0 ? 1 : settings.alsEventLoops()))
        .onSuccess(id -> accessLogDeployment = id);
  }

  private StreamAdmission proxyAdmission(AlsSecurity security) {
    CallerSource callers = CallerSource.NONE;
    if (security.checksIdentity()) {
      callers = security.forwardedIdentity() ? CallerSource.FORWARDED : CallerSource.CERTIFICATE;
    }
    return new StreamAdmission(
        callers,
        new ProxyGate(directory()),
        new StreamLimits(security.maxStreams(), security.maxEntriesPerSecond(), System::nanoTime),
        TimeUnit.SECONDS.toMillis(security.maxStreamAgeSeconds()));
  }

  private ProbeAdmission probeAdmission(HopSecurity security) {
    if (!security.reviewsTokens()) {
      return ProbeAdmission.EVERYBODY;
    }
    return new ProbeGate(
        new TokenReviews(
            cluster.client(),
            security.tokenAudience(),
            security.serviceAccount(),
            InstantSource.system()),
        cluster.cluster(),
        vertx.createSharedWorkerExecutor("token-review", REVIEWS_AT_ONCE));
  }

  /** Serves the probes. */
  Future<?> serveHops() {
    SocketAddress address =
        SocketAddress.inetSocketAddress(settings.hop().port(), settings.hop().host());
    HopSecurity security = settings.hopSecurity();
    ProbeAdmission admission = probeAdmission(security);
    StreamLimits limits =
        new StreamLimits(security.maxStreams(), security.maxEndsPerSecond(), System::nanoTime);
    return vertx
        .deployVerticle(
            () ->
                new GrpcEndpoint(
                    List.of(address),
                    HopService.FULL_METHOD_NAME,
                    () -> new HopService(hops, admission, limits)::handle,
                    List.of(),
                    (bound, actualPort) -> note(hopPort, bound, actualPort),
                    (peer, detail) -> hops.messageRefused(NO_HTTP, peer, detail),
                    certificates.hop()),
            new DeploymentOptions())
        .onSuccess(id -> hopDeployment = id);
  }

  private void note(AtomicInteger port, SocketAddress address, int actualPort) {
    if (address.isInetSocket()) {
      port.set(actualPort);
    } else {
      socketIsOurs = true;
    }
  }

  /** Has another certificate taken when there is one. */
  void followCertificates() {
    if (!certificates.isEmpty()) {
      vertx.setPeriodic(
          ServingCertificate.CHECK_MILLIS,
          timer ->
              vertx
                  .executeBlocking(Executors.callable(certificates::check))
                  .onFailure(failure -> logger.error("certificates were not looked at", failure)));
    }
  }

  private Cluster directory() {
    return cluster == null ? null : cluster.cluster();
  }

  /** Takes no more, and has what waits told. */
  void drain(Drain drain, int seconds) {
    drain.run(accessLogDeployment, hopDeployment, seconds);
  }

  /** Whether the Unix socket was made by us. */
  boolean socketIsOurs() {
    return socketIsOurs;
  }

  /** 0 until it is served. */
  int alsPort() {
    return alsPort.get();
  }

  /** 0 until it is served. */
  int hopPort() {
    return hopPort.get();
  }
}
