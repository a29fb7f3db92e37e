/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.ListenerReader;
import dev.sidelight.probe.bpf.ListeningPort;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What processes listen on. The kernel looks at every file of the node for it, so it is asked now
 * and then only, and never where nobody asks this. The transport thread's.
 */
final class ListeningProcesses {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private record Owner(int netns, int id) {}

  // deps
  private final ListenerReader reader;
  private final LongSupplier nanoTime;

  // state
  private Map<Owner, SortedSet<Integer>> ports = Map.of();
  private long lookAtNanos;

  ListeningProcesses(ListenerReader reader, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
    lookAtNanos = nanoTime.getAsLong();
  }

  /** Of a process of a pod, as of some seconds ago. */
  SortedSet<Integer> ports(int netns, int process) {
    long now = nanoTime.getAsLong();
    if (now - lookAtNanos >= 0) {
      lookAtNanos = now + LOOK_NANOS;
      look();
    }
    return ports.getOrDefault(new Owner(netns, process), new TreeSet<>());
  }

  private void look() {
    Map<Owner, SortedSet<Integer>> found = new HashMap<>();
    for (ListeningPort each : reader.read()) {
      found
          .computeIfAbsent(new Owner(each.netns(), each.process()), absent -> new TreeSet<>())
          .add(each.port());
    }
    ports = found;
  }
}
