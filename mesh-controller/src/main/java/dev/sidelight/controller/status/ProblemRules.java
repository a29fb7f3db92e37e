/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** All rules, in the order in which their problems are told. */
public final class ProblemRules {

  private static final List<Function<Status, Optional<Problem>>> RULES = new ArrayList<>();

  static {
    RULES.add(PresenceRules::notReady);
    RULES.add(ClusterRules::notWatched);
    RULES.add(PresenceRules::noAlsStream);
    RULES.add(PresenceRules::noProbe);
    RULES.add(PresenceRules::probeGone);
    RULES.add(PresenceRules::noTraffic);
    RULES.add(LossRules::alsRefused);
    RULES.add(LossRules::hopRefused);
    RULES.add(LossRules::probeLostEnds);
    RULES.add(LossRules::batchesMissing);
    RULES.add(LossRules::routerOverflow);
    RULES.add(LossRules::correlatorFull);
    RULES.add(LossRules::correlatorFailed);
    RULES.add(CoverageRules::coverageLow);
    RULES.add(CoverageRules::oneSided);
    RULES.add(PresenceRules::noToken);
  }

  private ProblemRules() {}

  /**
   * What is wrong now; empty where all is well. What is wrong with the configuration explains the
   * others, and comes first.
   */
  public static List<Problem> apply(Status status) {
    return Stream.concat(
            status.configuration().stream(),
            RULES.stream().map(rule -> rule.apply(status)).flatMap(Optional::stream))
        .toList();
  }

  static Optional<Problem> problem(ProblemCode code, String message, String fix) {
    return Optional.of(new Problem(code.key(), message, fix));
  }
}
