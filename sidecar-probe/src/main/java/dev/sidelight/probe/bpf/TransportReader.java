/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jnr.ffi.Pointer;

/**
 * What the object counts of connections: records of those that changed, from an iterator; a last
 * record of each that ended, from a ring; dropped packets from a map. One thread.
 */
public final class TransportReader implements AutoCloseable {
  private static final int RECORD_BYTES = 520;
  private static final int RING_BYTES = 4 << 20;
  private static final int DROP_KEY_BYTES = 16;
  private static final List<String> COUNTERS = List.of("ring_full", "drops_full");

  // deps
  private final Native libraries;
  private final RecordIterator open;
  private final Pointer drops;
  private final Pointer counters;
  private final DropReasons reasons;
  private final Consumer<byte[]> records;
  private final MappedRing ring;

  TransportReader(Native libraries, Pointer object, Pointer reportsLink, Consumer<byte[]> records) {
    this.libraries = libraries;
    open = new RecordIterator(libraries, reportsLink, RECORD_BYTES);
    this.records = records;
    drops = map(object, "transport_drops");
    counters = map(object, "transport_counters");
    reasons = new DropReasons(libraries);
    int ringFd = libraries.bpf.bpf_map__fd(map(object, "transport_ring"));
    ring = new MappedRing(libraries, ringFd, RING_BYTES, records);
  }

  /** Hands on a record of each open connection that changed since the last time. */
  public void readOpen() {
    open.read(records);
  }

  /** Hands on the last record of each connection that ended. */
  public void readEnded() {
    ring.consume();
  }

  /** What was dropped since loading. */
  public List<DropCount> drops() {
    List<DropCount> counts = new ArrayList<>();
    Pointer value = libraries.allocate(Long.BYTES);
    Pointer key = null;
    Pointer next = libraries.allocate(DROP_KEY_BYTES);
    while (libraries.bpf.bpf_map__get_next_key(drops, key, next, DROP_KEY_BYTES) == 0) {
      key = libraries.allocate(DROP_KEY_BYTES);
      key.putLong(0, next.getLong(0));
      key.putLong(8, next.getLong(8));
      int found =
          libraries.bpf.bpf_map__lookup_elem(drops, key, DROP_KEY_BYTES, value, Long.BYTES, 0);
      if (found == 0) {
        int reason = key.getInt(12);
        counts.add(
            new DropCount(
                key.getLong(0), key.getInt(8), reason, reasons.name(reason), value.getLong(0)));
      }
    }
    return counts;
  }

  /** Frees the place of a count that grows no more. */
  public void forget(DropCount count) {
    Pointer key = libraries.allocate(DROP_KEY_BYTES);
    key.putLong(0, count.cookie());
    key.putInt(8, count.netns());
    key.putInt(12, count.reasonNumber());
    libraries.bpf.bpf_map__delete_elem(drops, key, DROP_KEY_BYTES, 0);
  }

  /** What was lost in the kernel since loading, by reason. */
  public Map<String, Long> losses() {
    Map<String, Long> losses = new LinkedHashMap<>();
    int cpus = libraries.bpf.libbpf_num_possible_cpus();
    Pointer values = libraries.allocate(cpus * Long.BYTES);
    Pointer key = libraries.allocate(Integer.BYTES);
    for (int i = 0; i < COUNTERS.size(); i++) {
      key.putInt(0, i);
      libraries.checked(
          "lookup transport_counters",
          libraries.bpf.bpf_map__lookup_elem(
              counters, key, Integer.BYTES, values, (long) cpus * Long.BYTES, 0));
      long sum = 0;
      for (int cpu = 0; cpu < cpus; cpu++) {
        sum += values.getLong((long) cpu * Long.BYTES);
      }
      losses.put(COUNTERS.get(i), sum);
    }
    return losses;
  }

  @Override
  public void close() {
    ring.close();
  }

  private Pointer map(Pointer object, String name) {
    return libraries.checked(
        "find map " + name, libraries.bpf.bpf_object__find_map_by_name(object, name));
  }
}
