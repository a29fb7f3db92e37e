/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.Hook;
import dev.sidelight.probe.bpf.HookReport;
import dev.sidelight.probe.bpf.HookState;
import dev.sidelight.probe.bpf.HopTracer;
import dev.sidelight.probe.bpf.TracerCounters;
import dev.sidelight.probe.export.HopUploader;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.http2.Http2Counters;
import dev.sidelight.probe.pod.PodDirectory;
import dev.sidelight.probe.pod.PodScanner;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The probe's own metrics, read at the scrape. */
final class ProbeCollector extends Collector {

  private final EndAccounting accounting;
  private final Http2Counters http2;
  private final HopTracer tracer;
  private final TlsProbes tls;
  private final PodScanner scanner;
  private final PodDirectory directory;
  private final HopUploader uploader;

  ProbeCollector(
      EndAccounting accounting,
      Http2Counters http2,
      HopTracer tracer,
      TlsProbes tls,
      PodScanner scanner,
      PodDirectory directory,
      HopUploader uploader) {
    this.accounting = accounting;
    this.http2 = http2;
    this.tracer = tracer;
    this.tls = tls;
    this.scanner = scanner;
    this.directory = directory;
    this.uploader = uploader;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    TracerCounters kernel = tracer.counters();
    return List.of(
        ends(),
        new CounterMetricFamily(
            "sidelight_probe_paired_ends",
            "Ends that found the other end of their hop.",
            accounting.pairedCount()),
        new CounterMetricFamily(
            "sidelight_probe_missed_arrivals",
            "Reads of bytes whose arrival no hook was told of.",
            kernel.arrivalsMissed()),
        http2(kernel),
        hooks(),
        tlsLibraries(),
        new GaugeMetricFamily(
            "sidelight_probe_held_ends",
            "Ends that wait, to be paired or to be acknowledged.",
            accounting.heldCount()),
        new GaugeMetricFamily(
            "sidelight_probe_queue_ends",
            "Of these, ends in the queue to the controller.",
            uploader.queuedEnds()),
        new CounterMetricFamily(
            "sidelight_probe_profile_reports_dropped",
            "Reports of profiles that the controller was away or slow for.",
            uploader.droppedProfiles()),
        new GaugeMetricFamily("sidelight_probe_pods", "Pods that are watched.", scanner.podCount()),
        new GaugeMetricFamily(
            "sidelight_probe_named_pods",
            "Pods of this node that the registry names.",
            directory.namedCount()),
        new GaugeMetricFamily(
            "sidelight_probe_registry_synced",
            "1 when the registry of pods was read and can be reached, or none is asked for.",
            directory.isSynced() ? 1 : 0),
        new GaugeMetricFamily(
            "sidelight_probe_controller_connected",
            "1 when the controller acknowledges.",
            uploader.isConnected() ? 1 : 0));
  }

  private MetricFamilySamples ends() {
    CounterMetricFamily ends =
        new CounterMetricFamily(
            "sidelight_probe_ends",
            "Ends of exchanges: seen = sent + repeated + joined + upgraded + lost by reason + held.",
            List.of("outcome", "reason"));
    ends.addMetric(List.of("seen", ""), (double) accounting.seenCount());
    ends.addMetric(List.of("sent", ""), (double) accounting.sentCount());
    ends.addMetric(List.of("repeated", ""), (double) accounting.repeatedCount());
    ends.addMetric(List.of("joined", ""), (double) accounting.joinedCount());
    ends.addMetric(List.of("upgraded", ""), (double) accounting.upgradedCount());
    for (EndAccounting.Loss reason : EndAccounting.Loss.values()) {
      ends.addMetric(List.of("lost", reason.label()), (double) accounting.lostCount(reason));
    }
    return ends;
  }

  private MetricFamilySamples http2(TracerCounters kernel) {
    CounterMetricFamily events =
        new CounterMetricFamily(
            "sidelight_probe_http2_events",
            "What was made of HTTP/2 connections, and what could not be.",
            List.of("event"));
    events.addMetric(List.of("chunk"), (double) http2.chunkCount());
    events.addMetric(List.of("stream"), (double) http2.streamCount());
    events.addMetric(List.of("stream_unfinished"), (double) http2.unfinishedCount());
    events.addMetric(List.of("hpack_lost"), (double) http2.hpackLostCount());
    events.addMetric(List.of("gap"), (double) http2.gapCount());
    events.addMetric(List.of("evicted"), (double) http2.evictedCount());
    events.addMetric(List.of("peer_unseen"), (double) http2.aloneCount());
    events.addMetric(List.of("place_lost"), (double) kernel.framesLost());
    events.addMetric(List.of("unread"), (double) kernel.framesUnread());
    return events;
  }

  private MetricFamilySamples hooks() {
    GaugeMetricFamily hooks =
        new GaugeMetricFamily(
            "sidelight_probe_hook",
            "1 for the state of each way to a hook: the attached one, and the better ones before"
                + " it; a hook without one is absent.",
            List.of("hook", "way", "state"));
    Set<Hook> missing = EnumSet.allOf(Hook.class);
    for (HookReport report : tracer.hooks()) {
      hooks.addMetric(
          List.of(label(report.hook()), report.way().label(), label(report.state())), 1);
      if (report.state() == HookState.ATTACHED) {
        missing.remove(report.hook());
      }
    }
    missing.forEach(hook -> hooks.addMetric(List.of(label(hook), "", label(HookState.ABSENT)), 1));
    return hooks;
  }

  private MetricFamilySamples tlsLibraries() {
    GaugeMetricFamily libraries =
        new GaugeMetricFamily(
            "sidelight_probe_tls_libraries",
            "OpenSSLs that processes of watched pods use, by what became of them.",
            List.of("state"));
    tls.counts()
        .forEach(
            (state, count) ->
                libraries.addMetric(List.of(state.name().toLowerCase(Locale.ROOT)), count));
    return libraries;
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
