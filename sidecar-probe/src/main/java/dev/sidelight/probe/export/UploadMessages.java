/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.ProbeAccounting;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.probe.hop.EndAccounting;
import dev.sidelight.probe.hop.HopExchange;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** The contract's form of what goes up. */
final class UploadMessages {

  private final IntFunction<Optional<PodAddresses>> pods;
  private final EndAccounting accounting;

  UploadMessages(IntFunction<Optional<PodAddresses>> pods, EndAccounting accounting) {
    this.pods = pods;
    this.accounting = accounting;
  }

  static HopUpload hello(NodeIdentity identity) {
    return HopUpload.newBuilder()
        .setHello(
            ProbeHello.newBuilder()
                .setNodeName(identity.nodeName())
                .setProbeInstanceId(identity.probeInstanceId())
                .setProbeVersion(identity.probeVersion()))
        .build();
  }

  HopUpload batch(UploadBatch batch) {
    HopBatch.Builder builder =
        HopBatch.newBuilder().setSequence(batch.sequence()).setAccounting(accounting());
    for (ClockSample sample : batch.clockSamples()) {
      builder
          .addClockSamplesBuilder()
          .setMonotonicNanos(sample.monotonicNanos())
          .setEpochOffsetNanos(sample.epochOffsetNanos())
          .setUncertaintyNanos((int) Math.min(sample.uncertaintyNanos(), Integer.MAX_VALUE));
    }
    Set<Integer> namespaces = new HashSet<>();
    for (HopExchange exchange : batch.exchanges()) {
      builder.addExchanges(ExchangeMessages.of(exchange));
      if (namespaces.add(exchange.netns())) {
        pods.apply(exchange.netns()).map(UploadMessages::pod).ifPresent(builder::addPods);
      }
    }
    return HopUpload.newBuilder().setBatch(builder).build();
  }

  private static Pod pod(PodAddresses pod) {
    return Pod.newBuilder()
        .setNetns(pod.netns())
        .setUid(pod.uid())
        .addAllAddresses(pod.addresses())
        .build();
  }

  private ProbeAccounting accounting() {
    ProbeAccounting.Builder builder =
        ProbeAccounting.newBuilder()
            .setEndsSeen(accounting.seenCount() - accounting.repeatedCount())
            .setEndsSent(accounting.sentCount());
    for (EndAccounting.Loss reason : EndAccounting.Loss.values()) {
      long lost = accounting.lostCount(reason);
      if (lost > 0) {
        builder.putEndsLost(reason.label(), lost);
      }
    }
    return builder.build();
  }
}
