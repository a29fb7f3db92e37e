/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The probes' own accounts, as last told: what of the ends that a kernel completed was sent, and
 * what was lost for which reason. Bounded in nodes and in reasons. Any thread.
 */
public final class ProbeAccounts extends Collector {

  private static final int MOST_NODES = 4096;
  private static final int MOST_REASONS = 32;

  // state
  private final Map<String, Account> accountByNode = new ConcurrentHashMap<>();

  /** Replaces the account of a node; those of nodes beyond the bound are not kept. */
  public void tell(String node, long endsSeen, long endsSent, Map<String, Long> endsLost) {
    if (accountByNode.size() < MOST_NODES || accountByNode.containsKey(node)) {
      accountByNode.put(node, new Account(endsSeen, endsSent, endsLost));
    }
  }

  @Override
  public List<MetricFamilySamples> collect() {
    CounterMetricFamily ends =
        new CounterMetricFamily(
            "sidelight_hop_probe_ends",
            "Exchange ends by a probe's own account, since its start",
            List.of("node", "outcome", "reason"));
    accountByNode.forEach(
        (node, account) -> {
          ends.addMetric(List.of(node, "seen", ""), (double) account.endsSeen());
          ends.addMetric(List.of(node, "sent", ""), (double) account.endsSent());
          account.endsLost().entrySet().stream()
              .limit(MOST_REASONS)
              .forEach(
                  lost ->
                      ends.addMetric(
                          List.of(node, "lost", lost.getKey()), lost.getValue().doubleValue()));
        });
    return List.of(ends);
  }

  /** What a probe has told last, cumulative since its start. */
  private record Account(long endsSeen, long endsSent, Map<String, Long> endsLost) {}
}
