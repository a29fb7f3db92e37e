/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.correlator.CorrelatorMetrics;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.Locale;

/**
 * What came in and what became of it. For access log entries and for exchange ends alike:
 *
 * <pre>ingest accepted = router overflow + correlator received + waiting in the queue</pre>
 *
 * Any thread.
 */
public final class IngestMetrics implements CorrelatorMetrics {

  private static final String OUTCOME = "outcome";
  private static final String REASON = "reason";
  private static final String TYPE = "type";

  // state
  private final Gauge alsStreams;
  private final Counter alsAgedStreams;
  private final Counter alsMessages;
  private final Counter alsEntries;
  private final Counter alsPeerContradictions;
  private final Gauge alsTcpConnections;
  private final Gauge hopStreams;
  private final Counter hopBatches;
  private final Counter hopRefusedPods;
  private final Counter hopEnds;
  private final Counter hopClockSamples;
  private final Counter routerOverflow;
  private final Counter correlatorFailures;
  private final Counter correlatorReceived;
  private final Counter correlatorRecords;
  private final Gauge correlatorPending;

  /** Registers them all. */
  public IngestMetrics(CollectorRegistry registry) {
    alsStreams = gauge("sidelight_als_streams", "Open access log streams").register(registry);
    alsAgedStreams =
        counter("sidelight_als_aged_streams", "Access log streams that were ended for their age")
            .register(registry);
    alsMessages =
        counter("sidelight_als_messages", "Access log messages", OUTCOME, REASON)
            .register(registry);
    alsEntries =
        counter("sidelight_als_entries", "Access log entries", OUTCOME, REASON).register(registry);
    alsPeerContradictions =
        counter(
                "sidelight_als_peer_contradictions",
                "What was said of a peer and more trusted evidence contradicts",
                "evidence")
            .register(registry);
    alsTcpConnections =
        gauge("sidelight_als_tcp_connections", "TCP connections that access logs tell to be open")
            .register(registry);
    hopStreams = gauge("sidelight_hop_streams", "Open streams of probes").register(registry);
    hopBatches =
        counter("sidelight_hop_batches", "Probes' batches", OUTCOME, REASON).register(registry);
    hopRefusedPods =
        counter(
                "sidelight_hop_refused_pods",
                "Times that a probe told of a pod of which it may not tell",
                REASON)
            .register(registry);
    hopEnds =
        counter("sidelight_hop_ends", "Exchange ends from probes", OUTCOME, REASON)
            .register(registry);
    hopClockSamples =
        counter("sidelight_hop_clock_samples", "Clock samples from probes", OUTCOME)
            .register(registry);
    routerOverflow =
        counter("sidelight_router_overflow", "Records lost before their full owner", TYPE)
            .register(registry);
    correlatorFailures =
        counter("sidelight_correlator_failures", "Records on which the correlator threw")
            .register(registry);
    correlatorReceived =
        counter("sidelight_correlator_received", "Records that the correlator took", TYPE)
            .register(registry);
    correlatorRecords =
        counter("sidelight_correlator_records", "Records that left it", TYPE, OUTCOME, REASON)
            .register(registry);
    correlatorPending =
        gauge("sidelight_correlator_pending", "Records in its window", TYPE).register(registry);
  }

  private static Counter.Builder counter(String name, String help, String... labels) {
    return Counter.build(name, help).labelNames(labels);
  }

  private static Gauge.Builder gauge(String name, String help, String... labels) {
    return Gauge.build(name, help).labelNames(labels);
  }

  /** Access log streams opened, less closed. */
  public void alsStreams(int change) {
    alsStreams.inc(change);
  }

  /** An access log stream has reached its age. */
  public void alsStreamAged() {
    alsAgedStreams.inc();
  }

  /** One access log message. */
  public void alsMessage(String outcome, String reason) {
    alsMessages.labels(outcome, reason).inc();
  }

  /** Access log entries. */
  public void alsEntries(String outcome, String reason, int count) {
    alsEntries.labels(outcome, reason).inc(count);
  }

  /** Something was said of a peer that more trusted evidence contradicts. */
  public void alsPeerContradicted(String evidence) {
    alsPeerContradictions.labels(evidence).inc();
  }

  @Override
  public void peerContradicted() {
    alsPeerContradicted("peer_entry");
  }

  /** TCP connections that are open. */
  public void alsTcpConnections(int open) {
    alsTcpConnections.set(open);
  }

  /** Probes' streams opened, less closed. */
  public void hopStreams(int change) {
    hopStreams.inc(change);
  }

  /** Probes' batches. */
  public void hopBatches(String outcome, String reason, long count) {
    hopBatches.labels(outcome, reason).inc((double) count);
  }

  /** A probe told of a pod of which it may not tell. */
  public void hopPodRefused(String reason) {
    hopRefusedPods.labels(reason).inc();
  }

  /** Exchange ends from probes. */
  public void hopEnds(String outcome, String reason, int count) {
    hopEnds.labels(outcome, reason).inc(count);
  }

  /** One clock sample from a probe. */
  public void hopClockSample(String outcome) {
    hopClockSamples.labels(outcome).inc();
  }

  /** A record found its owner's queue full. */
  public void routerOverflow(String type, int count) {
    routerOverflow.labels(type).inc(count);
  }

  /** The correlator threw: a programming error. */
  public void correlatorFailure() {
    correlatorFailures.inc();
  }

  @Override
  public void received(RecordType type, int count) {
    correlatorReceived.labels(label(type)).inc(count);
  }

  @Override
  public void ended(RecordType type, RecordOutcome outcome, String reason, int count) {
    correlatorRecords.labels(label(type), label(outcome), reason).inc(count);
  }

  @Override
  public void pending(RecordType type, int count) {
    correlatorPending.labels(label(type)).set(count);
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
