/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProbeAccounting;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.probe.hop.EndAccounting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** The contract's form of what goes up. */
final class UploadMessages {
  private static final int EXCHANGES = HopBatch.EXCHANGES_FIELD_NUMBER;
  private static final int SERIES = HopBatch.TCP_SERIES_FIELD_NUMBER;

  private final IntFunction<Optional<PodAddresses>> pods;
  private final EndAccounting accounting;

  UploadMessages(IntFunction<Optional<PodAddresses>> pods, EndAccounting accounting) {
    this.pods = pods;
    this.accounting = accounting;
  }

  static byte[] hello(NodeIdentity identity) {
    return HopUpload.newBuilder()
        .setHello(
            ProbeHello.newBuilder()
                .setNodeName(identity.nodeName())
                .setProbeInstanceId(identity.probeInstanceId())
                .setProbeVersion(identity.probeVersion()))
        .build()
        .toByteArray();
  }

  static byte[] inventory(List<PodAddresses> pods) {
    PodInventory.Builder inventory = PodInventory.newBuilder();
    pods.forEach(pod -> inventory.addPods(pod(pod)));
    return HopUpload.newBuilder().setInventory(inventory).build().toByteArray();
  }

  static byte[] profile(ProfileReport report) {
    return HopUpload.newBuilder().setProfile(report).build().toByteArray();
  }

  /** The bytes of a {@link HopUpload}; its exchanges and series are written already. */
  byte[] batch(UploadBatch batch) {
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
    int length = 0;
    for (QueuedExchange exchange : batch.exchanges()) {
      length += CodedOutputStream.computeByteArraySize(EXCHANGES, exchange.bytes());
      if (namespaces.add(exchange.netns())) {
        pods.apply(exchange.netns()).map(UploadMessages::pod).ifPresent(builder::addPods);
      }
    }
    for (byte[] series : batch.series()) {
      length += CodedOutputStream.computeByteArraySize(SERIES, series);
    }
    return join(builder.build(), batch, length);
  }

  /** A message's fields may come in any order, and in pieces. */
  private static byte[] join(HopBatch first, UploadBatch batch, int length) {
    int batchLength = first.getSerializedSize() + length;
    byte[] bytes =
        new byte
            [CodedOutputStream.computeTagSize(HopUpload.BATCH_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(batchLength)
                + batchLength];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeTag(HopUpload.BATCH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(batchLength);
      first.writeTo(out);
      for (QueuedExchange exchange : batch.exchanges()) {
        out.writeByteArray(EXCHANGES, exchange.bytes());
      }
      for (byte[] series : batch.series()) {
        out.writeByteArray(SERIES, series);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("memory was full", e);
    }
    return bytes;
  }

  private static Pod pod(PodAddresses pod) {
    return Pod.newBuilder()
        .setNetns(pod.netns())
        .setUid(pod.uid())
        .addAllAddresses(pod.addresses())
        .setNamespace(pod.owner().namespace())
        .setWorkload(pod.owner().workload())
        .setApp(pod.owner().app())
        .setVersion(pod.owner().version())
        .setName(pod.owner().pod())
        .build();
  }

  private ProbeAccounting accounting() {
    ProbeAccounting.Builder builder =
        ProbeAccounting.newBuilder()
            .setEndsSeen(accounting.exchangeEndCount())
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
