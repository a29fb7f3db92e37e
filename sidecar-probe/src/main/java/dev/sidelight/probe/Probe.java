/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.BpfException;
import dev.sidelight.probe.bpf.Hook;
import dev.sidelight.probe.bpf.HookReport;
import dev.sidelight.probe.bpf.HookState;
import dev.sidelight.probe.bpf.HopTracer;
import dev.sidelight.probe.bpf.TracerSettings;
import dev.sidelight.probe.export.HopUploader;
import dev.sidelight.probe.export.NodeIdentity;
import dev.sidelight.probe.export.PodAddresses;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.EndPairer;
import dev.sidelight.probe.hop.HopExchange;
import dev.sidelight.probe.hop.TurnJoiner;
import dev.sidelight.probe.hop.UpgradedConnections;
import dev.sidelight.probe.hop.http2.Http2Counters;
import dev.sidelight.probe.hop.http2.Http2Streams;
import dev.sidelight.probe.pod.Pod;
import dev.sidelight.probe.pod.PodDirectory;
import dev.sidelight.probe.pod.PodScanner;
import dev.sidelight.probe.pod.Workload;
import dev.sidelight.probe.profile.ProfileCollector;
import dev.sidelight.probe.profile.Profiles;
import dev.sidelight.probe.transport.ConnectionTable;
import dev.sidelight.probe.transport.TransportCollector;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires the parts. Four threads, of which transport counts what connections carry: hop-ring takes
 * records from the kernel and pairs them, pod-scan looks for pods, hop-export talks to the
 * controller.
 */
final class Probe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final String OBJECT = "bpf/hop.bpf.o";
  private static final int SCAN_END_SECONDS = 2;

  // deps
  private final ProbeSettings settings;
  private final EndAccounting accounting = new EndAccounting();
  private final Health health = new Health(System::nanoTime);
  private final PodScanner scanner;
  private final PodDirectory directory;
  private final HopTracer tracer;
  private final TlsProbes tls;
  private final HopUploader uploader;
  private final RingLoop loop;
  private final ConnectionTable connections;
  private final Profiles profiles;
  private final TransportLoop transport;
  private final MetricsServer metrics;
  private final ScheduledExecutorService scans =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "pod-scan"));

  // state, the scanning thread's
  private List<PodAddresses> toldPods;

  /**
   * Loads and attaches; watches nothing yet.
   *
   * @throws IllegalStateException when the machine lacks something; the message says what
   */
  Probe(ProbeSettings settings) {
    this(settings, StartupCheck.run(settings.procPath()));
  }

  /**
   * For tests: on a machine that has been looked at.
   *
   * @param pidNamespace inode of the node's PID namespace; 0 where it is the machine's own
   */
  Probe(ProbeSettings settings, int pidNamespace) {
    this.settings = settings;
    WatchedPods pods = new WatchedPods();
    scanner = new PodScanner(settings.procPath(), settings.envoys(), pods);
    directory = new PodDirectory(scanner::pod, settings.registry());
    connections =
        new ConnectionTable(
            settings.seriesMax(), new DirectoryNames(scanner, directory), System::nanoTime);
    uploader =
        new HopUploader(
            settings.upload(),
            new NodeIdentity(settings.nodeName(), UUID.randomUUID().toString(), version()),
            this::addresses,
            new ConnectionGrowth(connections),
            accounting);
    ScannedPods profiled =
        new ScannedPods(scanner, connections, pods, settings.profile().connectionsMax());
    profiles =
        new Profiles(
            settings.profile(), profiled, uploader::offer, this::wakeTransport, System::nanoTime);
    ToldProtocols told = new ToldProtocols(connections);
    Consumer<HopExchange> leaving = told.andThen(profiles).andThen(uploader::offer);
    UpgradedConnections upgraded = new UpgradedConnections(leaving);
    EndPairer pairer =
        new EndPairer(settings.pairHoldNanos(), new PeerInPod(scanner)::test, accounting, upgraded);
    TurnJoiner joiner = new TurnJoiner(accounting, pairer::accept);
    Http2Counters http2 = new Http2Counters();
    Http2Streams streams = new Http2Streams(leaving, accounting, http2, profiles::isSampling);
    EndIntake intake = new EndIntake(accounting, scanner::executable, joiner, upgraded, streams);
    tracer = load(settings.tracer().in(pidNamespace), intake);
    tls = new TlsProbes(settings.procPath(), tracer);
    pods.bind(tracer);
    profiled.bind(new ListeningProcesses(tracer.listeners(), System::nanoTime));
    tracer.hooks().forEach(Probe::report);
    warnOfMissing(tracer);
    transport =
        new TransportLoop(
            tracer.transport(connections::accept), connections, profiles, settings.reportMillis());
    loop = new RingLoop(settings, tracer, joiner, pairer, streams, uploader, accounting);
    metrics =
        new MetricsServer(
            settings.metricsHost(),
            settings.metricsPort(),
            List.of(
                new ProbeCollector(accounting, http2, tracer, tls, scanner, directory, uploader),
                new TransportCollector(connections),
                new ProfileCollector(profiles)),
            health);
  }

  /** Finds the pods that are there, and begins. */
  // The tasks catch what they throw.
  @SuppressWarnings("FutureReturnValueIgnored")
  void start() {
    directory.start();
    Health.Pulse scanned = health.pulse("pod-scan", settings.podScanMillis());
    scan(scanned);
    uploader.start(
        new ProfileTasks(profiles),
        health.pulse("hop-export", settings.upload().batchMillis())::beat);
    loop.start(health.pulse("hop-ring", settings.consumeMillis())::beat);
    transport.start(health.pulse("transport", settings.reportMillis())::beat);
    scans.scheduleWithFixedDelay(
        () -> scan(scanned),
        settings.podScanMillis(),
        settings.podScanMillis(),
        TimeUnit.MILLISECONDS);
    metrics.start();
  }

  /** Detaches everything, and sends what is left. */
  @Override
  public void close() {
    endScans();
    loop.close();
    tls.close();
    transport.close();
    tracer.close();
    uploader.close();
    directory.close();
    metrics.close();
    LOG.info(
        "ended: {} ends seen, {} sent, {} repeated, {} held",
        accounting.seenCount(),
        accounting.sentCount(),
        accounting.repeatedCount(),
        accounting.heldCount());
  }

  int metricsPort() {
    return metrics.port();
  }

  int podCount() {
    return scanner.podCount();
  }

  boolean isWatching(int netns) {
    return scanner.isPresent(netns);
  }

  PodDirectory directory() {
    return directory;
  }

  long missedArrivals() {
    return tracer.counters().arrivalsMissed();
  }

  EndAccounting accounting() {
    return accounting;
  }

  private void scan(Health.Pulse scanned) {
    try {
      scan();
      scanned.beat();
    } catch (RuntimeException e) {
      LOG.error("a look for pods failed", e);
    }
  }

  private void scan() {
    directory.refresh();
    scanner.scan();
    tellPods();
    if (settings.openssl()) {
      tls.scan(scanner.podProcesses());
    }
  }

  private void tellPods() {
    List<PodAddresses> present =
        scanner.pods().stream()
            .sorted(Comparator.comparingInt(Pod::netns))
            .map(pod -> addresses(pod.netns()))
            .flatMap(Optional::stream)
            .toList();
    if (!present.equals(toldPods)) {
      toldPods = present;
      uploader.offerPods(present);
    }
  }

  private void wakeTransport() {
    transport.wake();
  }

  private void endScans() {
    scans.shutdownNow();
    try {
      scans.awaitTermination(SCAN_END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HopTracer load(TracerSettings settings, EndIntake intake) {
    try {
      return new HopTracer(BpfObjects.read(OBJECT), settings, intake);
    } catch (BpfException e) {
      throw StartupCheck.explain(e);
    }
  }

  private Optional<PodAddresses> addresses(int netns) {
    PodAddresses.Owner owner =
        directory.workload(netns).map(Probe::owner).orElse(PodAddresses.Owner.UNKNOWN);
    return scanner
        .pod(netns)
        .map(pod -> new PodAddresses(pod.netns(), pod.uid(), pod.addresses(), owner));
  }

  private static PodAddresses.Owner owner(Workload workload) {
    return new PodAddresses.Owner(
        workload.namespace(), workload.name(), workload.app(), workload.version(), workload.pod());
  }

  private static void report(HookReport report) {
    String hook = report.hook().name().toLowerCase(Locale.ROOT);
    String way = report.way().label();
    switch (report.state()) {
      case ATTACHED -> LOG.info("hook {}: {} attached", hook, way);
      case ABSENT -> LOG.info("hook {}: {} is not in this kernel", hook, way);
      case REFUSED -> LOG.warn("hook {}: {} was refused by this kernel", hook, way);
    }
  }

  private static void warnOfMissing(HopTracer tracer) {
    Set<Hook> missing = EnumSet.allOf(Hook.class);
    for (HookReport report : tracer.hooks()) {
      if (report.state() == HookState.ATTACHED) {
        missing.remove(report.hook());
      }
    }
    missing.forEach(
        hook -> LOG.warn("hook {} has no way on this kernel: its points stay empty", hook));
  }

  private static String version() {
    return Objects.requireNonNullElse(Probe.class.getPackage().getImplementationVersion(), "dev");
  }
}
