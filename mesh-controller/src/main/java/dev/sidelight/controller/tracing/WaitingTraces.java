/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Calls that wait for the others of their trace: an app's own calls are told before the one that
 * they were made for. One thread.
 */
final class WaitingTraces {

  /** From a trace's first call on; access logs come a second late at most, in Istio's default. */
  static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A client may have one trace for all that it does: so many calls are enough at once. */
  static final int MAX_CALLS = 256;

  private record Waiting(long sinceNanos, List<ChosenCall> calls) {}

  // state: the one that began first is the first
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final List<List<ChosenCall>> full = new ArrayList<>();

  void add(ChosenCall call, long nowNanos) {
    String traceId = call.context().traceId();
    List<ChosenCall> calls =
        waiting.computeIfAbsent(traceId, id -> new Waiting(nowNanos, new ArrayList<>())).calls();
    calls.add(call);
    if (calls.size() == MAX_CALLS) {
      waiting.remove(traceId);
      full.add(calls);
    }
  }

  /** The calls of traces that have waited long enough, or are long enough; each trace a list. */
  List<List<ChosenCall>> take(long nowNanos) {
    List<List<ChosenCall>> due = new ArrayList<>(full);
    full.clear();
    Iterator<Waiting> traces = waiting.values().iterator();
    while (traces.hasNext()) {
      Waiting trace = traces.next();
      if (nowNanos - trace.sinceNanos() < WAIT_NANOS) {
        break; // and so it is with those behind it
      }
      due.add(trace.calls());
      traces.remove();
    }
    return due;
  }

  /** All of them. */
  List<List<ChosenCall>> takeAll() {
    List<List<ChosenCall>> all = new ArrayList<>(full);
    waiting.values().forEach(trace -> all.add(trace.calls()));
    full.clear();
    waiting.clear();
    return all;
  }
}
