/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was refused or lost in the last minute. One record is enough. */
final class LossRules {

  private static final String REFUSED = "refused";
  private static final String RUNBOOKS = "istio-addon/prometheus/RUNBOOKS.md, ";
  private static final String PROBE_ENDS = "sidelight_hop_probe_ends_total";

  private LossRules() {}

  static Optional<Problem> alsRefused(Status status) {
    return refused(
        status,
        ProblemCode.ALS_REFUSED,
        "access log messages or entries",
        "The controller's log names the proxy and the reason ("
            + RUNBOOKS
            + "SidelightAlsRefused).",
        "sidelight_als_messages_total",
        "sidelight_als_entries_total");
  }

  static Optional<Problem> hopRefused(Status status) {
    return refused(
        status,
        ProblemCode.HOP_REFUSED,
        "batches or ends of probes",
        "The controller's log names the probe and the reason ("
            + RUNBOOKS
            + "SidelightHopRefused).",
        "sidelight_hop_batches_total",
        "sidelight_hop_ends_total");
  }

  private static Optional<Problem> refused(
      Status status, ProblemCode code, String what, String fix, String messages, String records) {
    Map<String, Long> reasons = status.recent().byNextLabel(messages, REFUSED);
    status
        .recent()
        .byNextLabel(records, REFUSED)
        .forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        code, "In the last minute " + what + " were refused: " + list(reasons) + ".", fix);
  }

  static Optional<Problem> probeLostEnds(Status status) {
    StringBuilder lost = new StringBuilder();
    for (Peers.Peer probe : status.probes()) {
      Map<String, Long> reasons = status.recent().byNextLabel(PROBE_ENDS, probe.name(), "lost");
      if (!reasons.isEmpty()) {
        lost.append(lost.isEmpty() ? "" : "; ").append(probe.name()).append(": ");
        lost.append(list(reasons));
      }
    }
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.PROBE_LOST_ENDS,
        "Probes lost ends of exchanges in the last minute: " + lost + ".",
        "By reason: ring_full, give the probe a larger --probe.ringBytes; queue_full, the"
            + " controller was away or slow, and a larger --export.queueEnds bridges more; others: "
            + RUNBOOKS
            + "SidelightProbeLosesEnds.");
  }

  static Optional<Problem> batchesMissing(Status status) {
    long missing = status.recent().sum("sidelight_hop_batches_total", "missing");
    if (missing == 0) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.BATCHES_MISSING,
        missing + " batches that probes sent in the last minute never came.",
        "Another controller took them, or what lies between cuts streams: "
            + RUNBOOKS
            + "SidelightMessagesLost.");
  }

  static Optional<Problem> routerOverflow(Status status) {
    Map<String, Long> types = status.recent().byNextLabel("sidelight_router_overflow_total");
    if (types.isEmpty()) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.ROUTER_OVERFLOW,
        "The correlator did not keep up in the last minute, and records were lost before it: "
            + list(types)
            + ".",
        "Give the controller more CPU; against bursts a larger --correlator.queueCapacity ("
            + RUNBOOKS
            + "SidelightRouterOverflow).");
  }

  static Optional<Problem> correlatorFull(Status status) {
    String records = "sidelight_correlator_records_total";
    long entries = status.recent().sum(records, "entry", "dropped", "capacity");
    long ends = status.recent().sum(records, "end", "dropped", "capacity");
    if (entries + ends == 0) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.CORRELATOR_FULL,
        "The correlator's window was full in the last minute: access log entries lost "
            + entries
            + ", ends "
            + ends
            + ".",
        "A larger --correlator.maxPendingEntries or --correlator.maxPendingEnds, with the heap for"
            + " it (-Xmx): "
            + RUNBOOKS
            + "SidelightCorrelatorLosesRecords.");
  }

  static Optional<Problem> correlatorFailed(Status status) {
    long failures = status.recent().sum("sidelight_correlator_failures_total");
    if (failures == 0) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.CORRELATOR_FAILED,
        "The correlator stumbled over " + failures + " records in the last minute.",
        "That is a fault of Sidelight: please report the stack trace in the controller's log.");
  }

  static String list(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
