/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import dev.sidelight.controller.metrics.TrafficMetrics;
import dev.sidelight.correlator.CorrelatedRequest;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a call that is counted, on one thread, and bytes allocated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseG1GC"})
public class ObservationBenchmark {

  private static final int EDGES = 1_000;
  private static final int WORKLOADS = 300;

  private final TrafficMetrics metrics =
      new TrafficMetrics(Clock.systemUTC(), Calls.SETTINGS, new CollectorRegistry());
  private CorrelatedRequest[] calls;
  private int next;

  /**
   * Makes the calls: they are not what is measured, nor is fetching them from memory, since the
   * correlator has just made them. So there are few.
   */
  @Setup
  public void makeCalls() {
    calls = Calls.onEdges(EDGES, WORKLOADS, 3).toArray(CorrelatedRequest[]::new);
  }

  /** One call. */
  @Benchmark
  public void observe() {
    metrics.record(calls[next]);
    next = next + 1 == calls.length ? 0 : next + 1;
  }
}
