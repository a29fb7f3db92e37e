/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** `make bench-correlator`: the figures against their limits. */
public final class BenchCorrelator {
  private static final double SMALL_LIMIT = 1_500_000;
  private static final double LARGE_LIMIT = 1_000_000;
  private static final double BYTES_LIMIT = 64;
  private static final double HEAP_MIB_LIMIT = 512;
  private static final int REQUESTS_PER_SECOND = 20_000;
  private static final int SECONDS = 10;

  private BenchCorrelator() {}

  /** Exits with 1 where a limit does not hold. */
  public static void main(String[] args) throws RunnerException {
    double heapMebibytes = heapMebibytes();
    Options options =
        new OptionsBuilder()
            .include(CorrelatorBenchmark.class.getName())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(args.length > 0 ? VerboseMode.NORMAL : VerboseMode.SILENT)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    List<String> missed = new ArrayList<>();
    StringBuilder figures = new StringBuilder();
    System.out.println("records open   records a second   ns a record   bytes a record");
    for (RunResult result : results) {
      String open = result.getParams().getParam("open");
      boolean small = open.equals("1000");
      double rate = result.getPrimaryResult().getScore();
      double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
      double limit = small ? SMALL_LIMIT : LARGE_LIMIT;
      judge(missed, "rate_" + open, rate >= limit);
      judge(missed, "bytes_" + open, bytes <= BYTES_LIMIT);
      System.out.printf(Locale.ROOT, "%12s %18.0f %13.0f %16.1f%n", open, rate, 1e9 / rate, bytes);
      figures.append(
          String.format(
              Locale.ROOT,
              " rate_%s=%.0f rate_%s_limit=%.0f bytes_%s=%.1f",
              open,
              rate,
              open,
              limit,
              open,
              bytes));
    }
    judge(missed, "heap", heapMebibytes <= HEAP_MIB_LIMIT);
    System.out.printf(
        Locale.ROOT,
        "%d records, of %d s at %d requests/s, none of them joined: %.0f MiB of heap%n",
        REQUESTS_PER_SECOND * SECONDS * Traffic.RECORDS_PER_CALL,
        SECONDS,
        REQUESTS_PER_SECOND,
        heapMebibytes);
    System.out.printf(
        Locale.ROOT,
        "RESULT bench-correlator=%s%s bytes_limit=%.0f heap_mib=%.0f heap_limit=%.0f%n",
        missed.isEmpty() ? "ok" : "missed:" + String.join(",", missed),
        figures,
        BYTES_LIMIT,
        heapMebibytes,
        HEAP_MIB_LIMIT);
    System.exit(missed.isEmpty() ? 0 : 1);
  }

  private static void judge(List<String> missed, String figure, boolean holds) {
    if (!holds) {
      missed.add(figure);
    }
  }

  /** Of a full window, the records' own objects included. */
  private static double heapMebibytes() {
    int calls = REQUESTS_PER_SECOND * SECONDS;
    Traffic traffic = new Traffic(calls, SteadyState.nanosPerCall(calls));
    long before = usedBytes();
    SteadyState state = new SteadyState(calls, traffic::call, false);
    state.fill(calls);
    double used = (usedBytes() - before) / (double) (1 << 20);
    if (state.fullCount() > 0) {
      throw new IllegalStateException("calls were told before the window's end");
    }
    return used;
  }

  private static long usedBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
