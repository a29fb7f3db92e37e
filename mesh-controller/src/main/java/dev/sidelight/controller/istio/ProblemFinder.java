/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import dev.sidelight.controller.istio.IstioProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that can keep access logs from the controller without an error anywhere, and what looks so.
 */
final class ProblemFinder {

  private ProblemFinder() {}

  /** What is wrong; the information comes last. */
  static List<IstioProblem> find(IstioObjects objects) {
    List<IstioProblem> problems = new ArrayList<>();
    notWatched(objects).ifPresent(problems::add);
    notWritten(objects).ifPresent(problems::add);
    MutualTlsRule.find(objects).ifPresent(problems::add);
    SidecarEgressRule.find(objects).ifPresent(problems::add);
    ProviderRules.missing(objects).ifPresent(problems::add);
    ProviderRules.serviceMissing(objects).ifPresent(problems::add);
    TelemetryRules.shadowed(objects).ifPresent(problems::add);
    problems.addAll(WorkloadTlsRules.find(objects));
    TelemetryRules.mode(objects).ifPresent(problems::add);
    return problems;
  }

  private static Optional<IstioProblem> notWatched(IstioObjects objects) {
    if (objects.complaints().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.NOT_WATCHED,
            "Istio's configuration is not known in full, so neither is all that may keep access"
                + " logs away: "
                + String.join("; ", objects.complaints())
                + ".",
            ProviderRules.APPLY_ADDON));
  }

  private static Optional<IstioProblem> notWritten(IstioObjects objects) {
    if (objects.failure().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IstioProblem(
            Code.NOT_WRITTEN,
            "The object that turns access logs on was not written: " + objects.failure() + ".",
            ProviderRules.APPLY_ADDON));
  }
}
