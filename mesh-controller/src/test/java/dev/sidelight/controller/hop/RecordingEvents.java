/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.correlator.ClockSample;
import dev.sidelight.correlator.HopRecord;
import dev.sidelight.correlator.TcpGrowth;
import dev.sidelight.correlator.Workload;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProfileReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps what it is told. */
final class RecordingEvents implements HopEvents {
  final List<HopRecord> hops = new ArrayList<>();
  final List<ClockSample> clockSamples = new ArrayList<>();
  final List<TcpGrowth> grown = new ArrayList<>();
  final List<String> streams = new ArrayList<>();
  final List<String> said = new ArrayList<>();

  @Override
  public void streamOpened() {}

  @Override
  public void streamClosed() {}

  @Override
  public void probeConnected(String node, String probeInstanceId, Consumer<HopControl> control) {
    streams.add("connected " + node + " " + probeInstanceId);
  }

  @Override
  public void probeDisconnected(String node, Consumer<HopControl> control) {
    streams.add("disconnected " + node);
  }

  @Override
  public void podsTold(String node, Consumer<HopControl> control, PodInventory inventory) {
    streams.add("pods of " + node + " " + inventory.getPodsCount());
  }

  @Override
  public void profileReported(String node, String probeInstanceId, ProfileReport report) {
    streams.add("report of " + node + " " + probeInstanceId + " " + report.getTaskId());
  }

  @Override
  public void batchAccepted() {
    said.add("accepted");
  }

  @Override
  public void batchRepeated() {
    said.add("repeated");
  }

  @Override
  public void batchesMissing(long count) {
    said.add("missing " + count);
  }

  @Override
  public void podRefused(String reason, String peer, String detail) {
    said.add("pod refused " + reason + " " + detail);
  }

  @Override
  public void messageRefused(String reason, String peer, String detail) {
    said.add("message " + reason);
  }

  @Override
  public void podNamed(String address, Workload workload) {
    said.add("pod " + address + " " + workload.namespace() + "/" + workload.workload());
  }

  @Override
  public void hopAccepted(HopRecord record) {
    hops.add(record);
  }

  @Override
  public void clockSample(String node, ClockSample sample) {
    clockSamples.add(sample);
  }

  @Override
  public void clockSampleRefused(String peer, String detail) {
    said.add("clock sample refused");
  }

  @Override
  public void endsRefused(String reason, int count, String peer, String detail) {
    said.add("refused " + reason + " " + count);
  }

  @Override
  public void tcpGrown(String node, TcpGrowth growth) {
    grown.add(growth);
  }

  @Override
  public void tcpRefused(String reason, String peer, String detail) {
    said.add("tcp refused " + reason);
  }

  @Override
  public void probeAccounting(
      String node, long endsSeen, long endsSent, Map<String, Long> endsLost) {
    said.add(node + " seen " + endsSeen + " sent " + endsSent + " lost " + endsLost);
  }
}
