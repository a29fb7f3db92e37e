/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import dev.sidelight.correlator.Workload;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Calls that wait for the others of their trace: an app's own calls are told before the one that
 * they were made for, by as long as the app went on working. One thread.
 */
final class WaitingTraces {

  /** From a trace's first call on. */
  static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** From the call on that came from outside the mesh: it is the last of a request. */
  static final long LAST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A client may have one trace for all that it does: so many calls are enough at once. */
  static final int MAX_CALLS = 256;

  private static final class Trace {
    private final List<ChosenCall> calls = new ArrayList<>();
    private long dueNanos;
  }

  // state
  private final Map<String, Trace> waiting = new LinkedHashMap<>();
  private final List<List<ChosenCall>> full = new ArrayList<>();

  void add(ChosenCall call, long nowNanos) {
    String traceId = call.context().traceId();
    Trace trace = waiting.get(traceId);
    if (trace == null) {
      trace = new Trace();
      trace.dueNanos = nowNanos + WAIT_NANOS;
      waiting.put(traceId, trace);
    }
    trace.calls.add(call);
    if (call.call().source().equals(Workload.UNKNOWN)) {
      trace.dueNanos = Math.min(trace.dueNanos, nowNanos + LAST_WAIT_NANOS);
    }
    if (trace.calls.size() == MAX_CALLS) {
      waiting.remove(traceId);
      full.add(trace.calls);
    }
  }

  /** The calls of traces that have waited long enough, or are long enough; each trace a list. */
  List<List<ChosenCall>> take(long nowNanos) {
    List<List<ChosenCall>> due = new ArrayList<>(full);
    full.clear();
    Iterator<Trace> traces = waiting.values().iterator();
    while (traces.hasNext()) {
      Trace trace = traces.next();
      if (nowNanos - trace.dueNanos >= 0) {
        due.add(trace.calls);
        traces.remove();
      }
    }
    return due;
  }

  /** All of them. */
  List<List<ChosenCall>> takeAll() {
    List<List<ChosenCall>> all = new ArrayList<>(full);
    waiting.values().forEach(trace -> all.add(trace.calls));
    full.clear();
    waiting.clear();
    return all;
  }
}
