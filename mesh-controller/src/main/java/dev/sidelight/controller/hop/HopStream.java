/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.controller.limit.RecordRate;
import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.Workload;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProbeAccounting;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.TcpSeries;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One probe's stream. One thread. */
final class HopStream {

  /** Nothing to acknowledge. */
  static final long NONE = 0;

  /**
   * A record is cut after the batch's clock sample; by more than this it is of no clock we know.
   */
  private static final long FUTURE_TOLERANCE_NANOS = 60_000_000_000L;

  // deps
  private final HopEvents events;
  private final TakenBatches taken;
  private final AddressPool addresses;
  private final TextPool texts;
  private final OwnPods ownPods;
  private final RecordRate rate;
  private final TcpSeriesReader tcpSeries;
  private final Consumer<HopControl> control;

  // state
  private String peer;
  private String node;
  private String probeInstanceId;
  private long latestSampleNanos;

  HopStream(
      HopEvents events,
      TakenBatches taken,
      AddressPool addresses,
      TextPool texts,
      OwnPods ownPods,
      RecordRate rate,
      String remoteAddress,
      Consumer<HopControl> control) {
    this.events = events;
    this.taken = taken;
    this.addresses = addresses;
    this.texts = texts;
    this.ownPods = ownPods;
    this.rate = rate;
    this.tcpSeries = new TcpSeriesReader(texts);
    this.peer = remoteAddress;
    this.control = control;
  }

  /**
   * Takes a message.
   *
   * @return the sequence number to acknowledge, or {@link #NONE}
   * @throws RefusedException where the stream must end; it has been counted
   */
  long onMessage(byte[] bytes) throws RefusedException {
    try {
      HopUpload upload = HopUpload.parseFrom(bytes);
      return switch (upload.getMessageCase()) {
        case HELLO -> onHello(upload.getHello());
        case BATCH -> onBatch(upload.getBatch());
        case INVENTORY -> onInventory(upload.getInventory());
        case PROFILE -> onProfile(upload.getProfile());
        case MESSAGE_NOT_SET ->
            throw new RefusedException(
                "malformed_message", "no message that is known in " + bytes.length + " bytes");
      };
    } catch (InvalidProtocolBufferException e) {
      throw refused(
          new RefusedException(
              "malformed_message",
              "no HopUpload in " + bytes.length + " bytes: " + e.getMessage()));
    } catch (RefusedException e) {
      throw refused(e);
    }
  }

  /** No message comes any more. Once. */
  void close() {
    if (node != null) {
      events.probeDisconnected(node, control);
    }
  }

  private RefusedException refused(RefusedException cause) {
    events.messageRefused(cause.reason(), peer, cause.getMessage());
    return cause;
  }

  private long onHello(ProbeHello hello) throws RefusedException {
    if (node != null) {
      throw new RefusedException("second_hello", "a hello after the first message");
    }
    if (hello.getNodeName().isEmpty() || hello.getProbeInstanceId().isEmpty()) {
      throw new RefusedException("bad_hello", "a hello without node name or probe instance id");
    }
    ownPods.requireNode(hello.getNodeName());
    node = hello.getNodeName();
    probeInstanceId = hello.getProbeInstanceId();
    peer = "probe on " + node + " at " + peer;
    events.probeConnected(node, probeInstanceId, control);
    return NONE;
  }

  private long onInventory(PodInventory inventory) throws RefusedException {
    requireHello();
    List<Pod> pods = admitted(inventory.getPodsList());
    takePods(pods);
    events.podsTold(node, control, PodInventory.newBuilder().addAllPods(pods).build());
    return NONE;
  }

  private long onProfile(ProfileReport report) throws RefusedException {
    requireHello();
    events.profileReported(node, probeInstanceId, report);
    return NONE;
  }

  private void requireHello() throws RefusedException {
    if (node == null) {
      throw new RefusedException("no_hello", "the stream's first message is no hello");
    }
  }

  private long onBatch(HopBatch batch) throws RefusedException {
    requireHello();
    if (batch.getSequence() <= 0) {
      throw new RefusedException(
          "bad_sequence", "batch number " + Long.toUnsignedString(batch.getSequence()));
    }
    long missing = taken.take(probeInstanceId, batch.getSequence());
    if (missing < 0) {
      events.batchRepeated();
      return batch.getSequence();
    }
    if (missing > 0) {
      events.batchesMissing(missing);
    }
    takeClockSamples(batch);
    List<Pod> pods = admitted(batch.getPodsList());
    takePods(pods);
    takeExchanges(batch.getExchangesList(), pods);
    takeTcpSeries(batch);
    takeAccounting(batch);
    events.batchAccepted();
    return batch.getSequence();
  }

  private void takeClockSamples(HopBatch batch) {
    for (dev.sidelight.hop.v1.ClockSample sample : batch.getClockSamplesList()) {
      if (sample.getMonotonicNanos() <= 0) {
        String nanos = Long.toUnsignedString(sample.getMonotonicNanos());
        events.clockSampleRefused(peer, "a clock sample at " + nanos);
        continue;
      }
      latestSampleNanos = Math.max(latestSampleNanos, sample.getMonotonicNanos());
      events.clockSample(
          node,
          new ClockSample(
              sample.getMonotonicNanos(),
              sample.getEpochOffsetNanos(),
              Integer.toUnsignedLong(sample.getUncertaintyNanos())));
    }
  }

  private List<Pod> admitted(List<Pod> pods) {
    return ownPods.admitted(
        node,
        pods,
        (reason, pod) ->
            events.podRefused(
                reason, peer, pod.getNamespace() + "/" + pod.getName() + " " + pod.getUid()));
  }

  private void takeExchanges(List<Exchange> exchanges, List<Pod> pods) {
    int ends = exchanges.stream().mapToInt(HopStream::ends).sum();
    if (!rate.take(ends)) {
      events.endsRefused("too_many", ends, peer, "more than " + rate.perSecond() + " ends/s");
      return;
    }
    long latestNanos =
        latestSampleNanos == 0 ? Long.MAX_VALUE : latestSampleNanos + FUTURE_TOLERANCE_NANOS;
    ExchangeReader reader =
        new ExchangeReader(node, addresses, texts, podAddresses(pods), latestNanos);
    for (Exchange exchange : exchanges) {
      try {
        requireOwn(exchange);
        events.hopAccepted(reader.read(exchange));
      } catch (RefusedException e) {
        events.endsRefused(e.reason(), Math.max(ends(exchange), 1), peer, e.getMessage());
      }
    }
  }

  private static int ends(Exchange exchange) {
    return (exchange.hasInitiator() ? 1 : 0) + (exchange.hasAcceptor() ? 1 : 0);
  }

  private void requireOwn(Exchange exchange) throws RefusedException {
    String reason = ownPods.reason(exchange.getNetns());
    if (reason != null) {
      throw new RefusedException(reason, "of a pod that the probe may not tell of");
    }
  }

  private void takeTcpSeries(HopBatch batch) {
    for (TcpSeries series : batch.getTcpSeriesList()) {
      try {
        ownPods.requireOwn(series);
        events.tcpGrown(node, tcpSeries.read(series));
      } catch (RefusedException e) {
        events.tcpRefused(e.reason(), peer, e.getMessage());
      }
    }
  }

  private void takePods(List<Pod> pods) {
    for (Pod pod : pods) {
      if (pod.getNamespace().isEmpty() || pod.getWorkload().isEmpty()) {
        continue;
      }
      String unknown = Workload.UNKNOWN.workload();
      Workload workload =
          new Workload(
              unknown,
              pod.getNamespace(),
              pod.getWorkload(),
              pod.getApp().isEmpty() ? unknown : pod.getApp(),
              pod.getVersion().isEmpty() ? unknown : pod.getVersion());
      for (String address : pod.getAddressesList()) {
        events.podNamed(AddressPool.canonical(address), workload);
      }
    }
  }

  private static Map<Integer, String> podAddresses(List<Pod> pods) {
    Map<Integer, String> addressByNetns = new HashMap<>();
    for (Pod pod : pods) {
      if (pod.getAddressesCount() > 0) {
        addressByNetns.put(pod.getNetns(), AddressPool.canonical(pod.getAddresses(0)));
      }
    }
    return addressByNetns;
  }

  private void takeAccounting(HopBatch batch) {
    if (batch.hasAccounting()) {
      ProbeAccounting accounting = batch.getAccounting();
      events.probeAccounting(
          node,
          accounting.getEndsSeen(),
          accounting.getEndsSent(),
          Map.copyOf(accounting.getEndsLostMap()));
    }
  }
}
