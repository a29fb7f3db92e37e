/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.PartialReason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How much was seen of the calls that ended in the last minute. */
final class CoverageRules {

  /** Fewer calls say nothing. */
  static final long FEWEST_CALLS = 20;

  /** Of the calls that two proxies told of. */
  static final double LOW_SHARE = 0.95;

  /** Of the calls that two proxies could have told of. */
  static final double ONE_SIDED_SHARE = 0.5;

  /** Of one side by nature: from outside, or answered by the proxy itself. */
  private static final List<PartialReason> BY_NATURE =
      List.of(PartialReason.NO_SOURCE_PROXY, PartialReason.NO_UPSTREAM);

  private CoverageRules() {}

  /** Where no probe is, that is the problem. */
  static Optional<Problem> coverageLow(Status status) {
    long full = status.recent().sum(CallCounts.NAME, Coverage.FULL.key());
    Map<String, Long> reasons =
        status.recent().byNextLabel(CallCounts.NAME, Coverage.ALS_ONLY.key());
    long calls = full + reasons.values().stream().mapToLong(Long::longValue).sum();
    if (!status.hasProbe() || calls < FEWEST_CALLS || full >= LOW_SHARE * calls) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.COVERAGE_LOW,
        String.format(
            Locale.ROOT,
            "Of %d calls between proxies in the last minute %.1f%% were seen in full, the others"
                + " without the kernel's part: %s.",
            calls,
            100.0 * full / calls,
            LossRules.list(reasons)),
        "no_clock: the probe of that node is not connected or has just come. no_source_*,"
            + " no_destination_*: is there a probe on every node, and does Envoy run there as a"
            + " user of --pods.envoyUids? incomplete_exchange: which hooks does"
            + " sidelight_probe_hook say are absent? More:"
            + " istio-addon/prometheus/RUNBOOKS.md, SidelightCoverageFallen.");
  }

  static Optional<Problem> oneSided(Status status) {
    Counters recent = status.recent();
    String oneSidedKey = Coverage.ONE_SIDED.key();
    long byNature =
        BY_NATURE.stream()
            .mapToLong(reason -> recent.sum(CallCounts.NAME, oneSidedKey, reason.key()))
            .sum();
    long oneSided = recent.sum(CallCounts.NAME, oneSidedKey) - byNature;
    long calls = recent.sum(CallCounts.NAME) - byNature;
    if (calls < FEWEST_CALLS || oneSided <= ONE_SIDED_SHARE * calls) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.ONE_SIDED,
        "Of " + calls + " calls in the last minute " + oneSided + " were told by one proxy alone.",
        "The other workload has no sidecar, or its proxy does not log to this controller: does the"
            + " Telemetry that names the access log service hold for its namespace?");
  }
}
