/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.ClusterView;
import dev.sidelight.controller.als.PodNames;
import dev.sidelight.controller.graph.GraphBadges;
import dev.sidelight.controller.metrics.ControlPlaneMetrics;
import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.controller.metrics.LagMetrics;
import dev.sidelight.controller.metrics.OverlayMetrics;
import dev.sidelight.controller.metrics.ProbeAccounts;
import dev.sidelight.controller.metrics.TlsMetrics;
import dev.sidelight.controller.metrics.TracingMetrics;
import dev.sidelight.controller.metrics.WorkloadTcpMetrics;
import dev.sidelight.controller.overlay.OverlayProxy;
import dev.sidelight.controller.overlay.OverlaySettings;
import dev.sidelight.controller.status.Listening;
import dev.sidelight.controller.status.RecentCounters;
import dev.sidelight.controller.tracing.TraceExport;
import dev.sidelight.controller.web.WriteGuard;
import dev.sidelight.controller.xds.MeshControlPlane;
import dev.sidelight.correlator.Correlator;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything, wired. Started once, closed once. */
final class Controller implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Controller.class);

  /** HTTP, hops, overlay. */
  private static final int OTHER_EVENT_LOOPS = 3;

  private static final long START_SECONDS = 30;
  private static final long STOP_MILLIS = 1_500;

  // deps
  private final ControllerSettings settings;
  private final Vertx vertx;
  private final CollectorRegistry registry = new CollectorRegistry(true);
  private final MeshControlPlane controlPlane;
  private final ClusterRecords clusterRecords;
  private final StatusRecords status;
  private final CallRecords calls;
  private final TraceExport traces;
  private final IstioRecords istio;
  private final CorrelatorThread correlator;
  private final Drain drain;
  private final IngestServers ingests;
  private final ProfileRecords profiles;

  // state
  private volatile boolean ready;
  private final AtomicInteger httpPort = new AtomicInteger();
  private final AtomicInteger overlayPort = new AtomicInteger();

  Controller(ControllerSettings settings) {
    this(settings, Clock.systemUTC(), System::nanoTime);
  }

  /** By clocks of the tests' for what is told of calls; all else goes by the system's. */
  Controller(ControllerSettings settings, InstantSource clock, LongSupplier monotonicNanos) {
    this.settings = settings;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(settings.alsEventLoops() + OTHER_EVENT_LOOPS));
    controlPlane = settings.meshFile() == null ? null : new MeshControlPlane(settings.meshFile());
    clusterRecords =
        settings.kubernetes() == null
            ? null
            : new ClusterRecords(registry, settings.kubernetes(), clock, System::nanoTime);
    status = new StatusRecords(registry, clock, monotonicNanos);
    istio =
        clusterRecords == null
            ? null
            : new IstioRecords(
                clusterRecords.client(), clusterRecords.cluster(), settings.istio(), registry);
    calls =
        new CallRecords(
            registry,
            clock,
            settings.metrics(),
            settings.history(),
            () -> controlPlane == null ? Set.of() : controlPlane.namespaces(),
            istio == null ? GraphBadges.NONE : istio,
            status.calls());
    DefaultExports.register(registry);
    IngestMetrics metrics = new IngestMetrics(registry);
    LagMetrics lags = new LagMetrics(Clock.systemUTC()).register(registry);
    traces = settings.tracing() == null ? null : traceExport(settings);
    correlator =
        new CorrelatorThread(
            new Correlator(
                settings.correlator(),
                metrics,
                traces == null ? calls : calls.andThen(traces::accept)),
            metrics,
            settings.queueCapacity(),
            System::nanoTime);
    drain = new Drain(vertx, correlator, registry);
    RefusalLog log = new RefusalLog(System::nanoTime);
    profiles =
        new ProfileRecords(registry, settings.profiles(), Clock.systemUTC(), System::nanoTime, log);
    RecordRouter router = new RecordRouter(correlator);
    PodNames pods = new PodNames(clusterRecords == null ? ClusterView.NONE : clusterRecords);
    AccessLogIntake accessLogs =
        new AccessLogIntake(router, metrics, calls, lags, status.proxies(), log);
    HopIntake hops =
        new HopIntake(
            router,
            metrics,
            new ProbeAccounts().register(registry),
            workloadTcp(settings).register(registry),
            lags,
            pods,
            profiles.profiled(),
            status.probes(),
            log);
    ingests =
        new IngestServers(
            vertx, settings, clusterRecords, pods, accessLogs, hops, new TlsMetrics(registry), log);
  }

  private TraceExport traceExport(ControllerSettings settings) {
    TracingMetrics metrics = new TracingMetrics(registry);
    TraceExport export =
        new TraceExport(settings.tracing(), new TracingTally(metrics), System::nanoTime);
    metrics.pending(export::pending);
    return export;
  }

  private static WorkloadTcpMetrics workloadTcp(ControllerSettings settings) {
    return new WorkloadTcpMetrics(
        settings.tcpSeries().max(),
        settings.tcpSeries().maxPerProbe(),
        settings.tcpSeries().keepNanos(),
        System::nanoTime);
  }

  /**
   * Serves.
   *
   * @throws SettingException where an address or the socket cannot be used
   */
  void start() {
    Path socket = settings.alsSocketPath();
    if (socket != null) {
      UnixSocketFile.removeStale(socket);
    }
    ingests.readCertificates();
    startControlPlane();
    if (clusterRecords != null) {
      clusterRecords.start();
    }
    if (traces != null) {
      traces.start();
    }
    if (istio != null) {
      istio.start();
    }
    correlator.start();
    await(Setting.HOP_PORT, settings.hop(), ingests.serveHops());
    await(
        Setting.ALS_PORT,
        settings.als(),
        ingests.serveAccessLogs(controlPlane == null ? List.of() : controlPlane.services()));
    await(Setting.HTTP_PORT, settings.http(), serveHttp());
    serveOverlay();
    if (socket != null) {
      try {
        UnixSocketFile.setMode(socket, settings.alsSocketMode());
      } catch (IOException e) {
        throw new SettingException(
            Setting.ALS_SOCKET_MODE.key() + ": cannot be set on " + socket + " (" + e + ")");
      }
    }
    vertx.setPeriodic(RecentCounters.SAMPLE_MILLIS, timer -> status.sample());
    ingests.followCertificates();
    ready = true;
  }

  private void startControlPlane() {
    if (controlPlane == null) {
      return;
    }
    try {
      controlPlane.start();
      new ControlPlaneMetrics(
              controlPlane::invalidMeshFiles,
              controlPlane::unknownNodes,
              controlPlane::rejectedUpdates)
          .register(registry);
    } catch (IllegalArgumentException e) {
      throw new SettingException(Setting.XDS_MESH_FILE.key() + ": " + e.getMessage());
    }
  }

  private Future<?> serveHttp() {
    WriteGuard guard = new WriteGuard(settings.token(), settings.http().isLoopback());
    return vertx.deployVerticle(
        new HttpEndpoint(
            settings.http(),
            calls.apiSources(profiles, guard, this::status, this::isReady),
            httpPort::set));
  }

  private byte[] status() {
    return status.json(
        isReady(),
        listening(),
        istio == null ? List.of() : istio.problems(),
        settings.token().isSet(),
        clusterRecords == null ? null : clusterRecords.status());
  }

  private boolean isReady() {
    return ready && (clusterRecords == null || clusterRecords.isReady());
  }

  private Listening listening() {
    Path socket = settings.alsSocketPath();
    return new Listening(
        settings.http().host(),
        settings.als().host(),
        alsPort(),
        socket == null ? null : socket.toString(),
        settings.hop().host(),
        hopPort(),
        settings.meshFile() == null ? null : settings.meshFile().toString());
  }

  private void serveOverlay() {
    OverlaySettings overlay = settings.overlay();
    if (overlay != null) {
      OverlayProxy proxy =
          new OverlayProxy(
              overlay,
              calls.overlayEdges(),
              new OverlayTally(new OverlayMetrics(registry)),
              Clock.systemUTC(),
              overlayPort::set);
      await(
          Setting.OVERLAY_PORT,
          new ControllerSettings.ListenAddress(overlay.host(), overlay.port()),
          vertx.deployVerticle(proxy));
    }
  }

  private static void await(
      Setting setting, ControllerSettings.ListenAddress address, Future<?> listening) {
    try {
      listening.await(START_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      // Vert.x rethrows whatever failed, checked or not.
      throw new SettingException(
          setting.key()
              + ": cannot listen on "
              + address.host()
              + ":"
              + address.port()
              + " ("
              + e.getMessage()
              + "); name a free address and port");
    }
  }

  /** One line: what is served where. */
  String readyLine() {
    String socket =
        settings.alsSocketPath() == null ? "" : " alsSocket=" + settings.alsSocketPath();
    return "sidelight-controller ready http="
        + settings.http().host()
        + ":"
        + httpPort
        + " als="
        + settings.als().host()
        + ":"
        + alsPort()
        + socket
        + " hop="
        + settings.hop().host()
        + ":"
        + hopPort()
        + (controlPlane == null ? "" : " xds=" + settings.meshFile())
        + (settings.overlay() == null
            ? ""
            : " overlay=" + settings.overlay().host() + ":" + overlayPort);
  }

  int httpPort() {
    return httpPort.get();
  }

  int alsPort() {
    return ingests.alsPort();
  }

  int hopPort() {
    return ingests.hopPort();
  }

  int overlayPort() {
    return overlayPort.get();
  }

  CallRecords calls() {
    return calls;
  }

  CollectorRegistry registry() {
    return registry;
  }

  /** Stops within two seconds, where it need not drain. */
  @Override
  public void close() {
    boolean drains = ready && settings.drainSeconds() > 0;
    ready = false;
    if (drains) {
      ingests.drain(drain, settings.drainSeconds());
    }
    if (istio != null) {
      istio.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
    if (clusterRecords != null) {
      clusterRecords.close();
    }
    try {
      vertx.close().await(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      logger.warn("connections did not close within {} ms", STOP_MILLIS);
    }
    try {
      correlator.close();
      if (traces != null) {
        traces.close();
      }
      // Where the start was refused the path may be another controller's, or somebody's file.
      if (ingests.socketIsOurs()) {
        Files.deleteIfExists(settings.alsSocketPath());
      }
    } catch (IOException e) {
      logger.warn("the socket stays behind: {}", e.toString());
    }
  }
}
