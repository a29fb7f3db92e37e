/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.als.PodNames;
import dev.sidelight.controller.hop.HopEvents;
import dev.sidelight.controller.metrics.IngestMetrics;
import dev.sidelight.controller.metrics.LagMetrics;
import dev.sidelight.controller.metrics.ProbeAccounts;
import dev.sidelight.controller.metrics.WorkloadTcpMetrics;
import dev.sidelight.controller.profile.Profiles;
import dev.sidelight.controller.status.Peers;
import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.HopRecord;
import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.Workload;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProfileReport;
import java.util.Map;
import java.util.function.Consumer;

/** Takes the probes' records to the router, and counts and names what is none. */
final class HopIntake implements HopEvents {

  private static final String SERVICE = "hop";
  private static final String NOT_OBSERVED = "namespace_not_observed";

  // deps
  private final RecordRouter router;
  private final IngestMetrics metrics;
  private final ProbeAccounts accounts;
  private final WorkloadTcpMetrics workloadTcp;
  private final LagMetrics lags;
  private final PodNames pods;
  private final Profiles profiles;
  private final Peers probes;
  private final RefusalLog log;

  HopIntake(
      RecordRouter router,
      IngestMetrics metrics,
      ProbeAccounts accounts,
      WorkloadTcpMetrics workloadTcp,
      LagMetrics lags,
      PodNames pods,
      Profiles profiles,
      Peers probes,
      RefusalLog log) {
    this.router = router;
    this.pods = pods;
    this.profiles = profiles;
    this.probes = probes;
    this.metrics = metrics;
    this.accounts = accounts;
    this.workloadTcp = workloadTcp;
    this.lags = lags;
    this.log = log;
  }

  @Override
  public void streamOpened() {
    metrics.hopStreams(1);
  }

  @Override
  public void streamClosed() {
    metrics.hopStreams(-1);
  }

  @Override
  public void probeConnected(String node, String probeInstanceId, Consumer<HopControl> control) {
    profiles.connected(node, control);
    probes.connected(node);
  }

  @Override
  public void probeDisconnected(String node, Consumer<HopControl> control) {
    profiles.disconnected(node, control);
    probes.gone(node);
  }

  @Override
  public void podsTold(String node, Consumer<HopControl> control, PodInventory inventory) {
    profiles.inventory(node, control, inventory);
  }

  @Override
  public void profileReported(String node, String probeInstanceId, ProfileReport report) {
    profiles.report(node, probeInstanceId, report);
  }

  @Override
  public void batchAccepted() {
    metrics.hopBatches("accepted", "", 1);
  }

  @Override
  public void batchRepeated() {
    metrics.hopBatches("repeated", "", 1);
  }

  @Override
  public void batchesMissing(long count) {
    metrics.hopBatches("missing", "", count);
  }

  @Override
  public void messageRefused(String reason, String peer, String detail) {
    metrics.hopBatches("refused", reason, 1);
    log.say(SERVICE, "message refused and its stream ended", reason, peer, detail);
  }

  @Override
  public void podNamed(String address, Workload workload) {
    pods.learn(address, workload);
  }

  @Override
  public void podRefused(String reason, String peer, String detail) {
    metrics.hopPodRefused(reason);
    log.say(SERVICE, "pod left out", reason, peer, detail);
  }

  @Override
  public void hopAccepted(HopRecord record) {
    RoutedRecord routed = new RoutedRecord.Hop(record);
    if (!pods.observesPodAt(record.podAddress())) {
      metrics.hopEnds("ignored", NOT_OBSERVED, routed.count());
      return;
    }
    metrics.hopEnds("accepted", "", routed.count());
    lags.hop(record.node(), Math.max(lastNanos(record.initiator()), lastNanos(record.acceptor())));
    router.route(routed);
  }

  private static long lastNanos(ExchangeEnd end) {
    return end == null
        ? 0
        : Math.max(Math.max(end.lastSendNanos(), end.lastArrivalNanos()), end.lastReadNanos());
  }

  @Override
  public void clockSample(String node, ClockSample sample) {
    metrics.hopClockSample("accepted");
    lags.clock(node, sample.epochOffsetNanos());
    profiles.clock(node, sample.epochOffsetNanos());
    router.route(new RoutedRecord.Clock(node, sample));
  }

  @Override
  public void clockSampleRefused(String peer, String detail) {
    metrics.hopClockSample("refused");
    log.say(SERVICE, "clock sample refused", "impossible_time", peer, detail);
  }

  @Override
  public void endsRefused(String reason, int count, String peer, String detail) {
    metrics.hopEnds("refused", reason, count);
    log.say(SERVICE, "exchange refused", reason, peer, detail);
  }

  @Override
  public void tcpGrown(String node, TcpGrowth growth) {
    if (pods.observes(growth.workload().namespace())) {
      workloadTcp.record(node, growth);
    } else {
      workloadTcp.ignore(NOT_OBSERVED);
    }
  }

  @Override
  public void tcpRefused(String reason, String peer, String detail) {
    workloadTcp.refuse(reason);
    log.say(SERVICE, "what connections carried refused", reason, peer, detail);
  }

  @Override
  public void probeAccounting(
      String node, long endsSeen, long endsSent, Map<String, Long> endsLost) {
    accounts.tell(node, endsSeen, endsSent, endsLost);
  }
}
