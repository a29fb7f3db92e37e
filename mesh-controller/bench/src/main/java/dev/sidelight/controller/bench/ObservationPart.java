/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the metrics cost the correlator's thread a call. */
final class ObservationPart implements Part {

  private static final double NANOS_LIMIT = 1_000;
  private static final double BYTES_LIMIT = 1;

  @Override
  public List<Figure> measure() throws RunnerException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(ObservationBenchmark.class.getName())
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    return List.of(
        new Figure("observe_nanos", result.getPrimaryResult().getScore(), NANOS_LIMIT),
        new Figure(
            "observe_bytes",
            result.getSecondaryResults().get("gc.alloc.rate.norm").getScore(),
            BYTES_LIMIT));
  }
}
