/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A status in which all is well, until something is made otherwise. */
final class TestStatus {

  static final long NOW_MILLIS = 1_800_000_000_000L;

  private final Map<CounterKey, Long> recent = new HashMap<>();
  private final List<Peers.Peer> proxies = new ArrayList<>();
  private final List<Peers.Peer> probes = new ArrayList<>();
  private boolean ready = true;
  private final List<Problem> configuration = new ArrayList<>();
  private ClusterStatus cluster;
  private boolean tokenNeeded;
  private int streams = 2;
  private Listening listening =
      new Listening("127.0.0.1", "0.0.0.0", 8091, null, "0.0.0.0", 8092, null);

  private TestStatus() {
    proxies.add(new Peers.Peer("sidecar~10.0.0.1~a.b~c", 2, NOW_MILLIS - 30_000));
    probes.add(new Peers.Peer("node-a", 1, NOW_MILLIS - 30_000));
    counted("sidelight_als_entries_total", 100, "accepted", "");
    counted(CallCounts.NAME, 50, "full", "none");
  }

  static TestStatus allWell() {
    return new TestStatus();
  }

  TestStatus notReady() {
    ready = false;
    return this;
  }

  TestStatus withoutStreams() {
    streams = 0;
    proxies.clear();
    return this;
  }

  TestStatus proxyLeft(long secondsAgo) {
    withoutStreams();
    proxies.add(new Peers.Peer("sidecar~10.0.0.1~a.b~c", 0, NOW_MILLIS - secondsAgo * 1_000));
    return this;
  }

  TestStatus withoutProbes() {
    probes.clear();
    return this;
  }

  TestStatus probeLeft(String node, long secondsAgo) {
    probes.add(new Peers.Peer(node, 0, NOW_MILLIS - secondsAgo * 1_000));
    return this;
  }

  TestStatus counted(String name, long growth, String... labels) {
    recent.put(new CounterKey(name, List.of(labels)), growth);
    return this;
  }

  TestStatus nothingCounted() {
    recent.clear();
    return this;
  }

  TestStatus listening(Listening listening) {
    this.listening = listening;
    return this;
  }

  TestStatus configuration(Problem problem) {
    configuration.add(problem);
    return this;
  }

  TestStatus watching(ClusterStatus cluster) {
    this.cluster = cluster;
    return this;
  }

  TestStatus guarded() {
    tokenNeeded = true;
    return this;
  }

  Status status() {
    return new Status(
        "1.2.3",
        NOW_MILLIS - 90_000,
        NOW_MILLIS,
        ready,
        listening,
        streams,
        proxies,
        probes,
        new Counters(recent),
        new Counters(recent),
        7,
        8,
        configuration,
        tokenNeeded,
        cluster);
  }
}
