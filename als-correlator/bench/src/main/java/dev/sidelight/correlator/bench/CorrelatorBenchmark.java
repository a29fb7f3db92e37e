/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Records a second on one thread, and bytes allocated a record, with so many open. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseSerialGC", "-XX:+UseTransparentHugePages"})
public class CorrelatorBenchmark {

  /** Records in the window. */
  @Param({"1000", "1000000"})
  int open;

  private SteadyState state;

  /** Fills the window. */
  @Setup(Level.Trial)
  public void fill() {
    int openCalls = open / Traffic.RECORDS_PER_CALL;
    // Made beforehand: a call comes again when all that is left of it has expired.
    Traffic.Call[] calls = new Traffic.Call[openCalls + openCalls / 4 + 100];
    Traffic traffic = new Traffic(calls.length, SteadyState.nanosPerCall(openCalls));
    Arrays.setAll(calls, traffic::call);
    state = new SteadyState(openCalls, index -> calls[index % calls.length], true);
    state.fill(calls.length);
  }

  /** One call. */
  @Benchmark
  @OperationsPerInvocation(Traffic.RECORDS_PER_CALL)
  public void records() {
    state.call();
  }

  /** A figure of calls that were not joined would be none. */
  @TearDown(Level.Trial)
  public void check() {
    if (state.otherCount() > 0 || state.fullCount() == 0) {
      throw new IllegalStateException(
          state.otherCount() + " calls not in full, " + state.fullCount() + " in full");
    }
  }
}
