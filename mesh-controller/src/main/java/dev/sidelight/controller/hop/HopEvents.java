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
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the hop ingest tells its owner. Called on event loops: nothing here may block or throw.
 * Reasons are label values of a small fixed set.
 */
public interface HopEvents {

  /** A stream has begun. */
  void streamOpened();

  /** A stream has ended, in whatever way. */
  void streamClosed();

  /**
   * A probe has said whose it is.
   *
   * @param control takes what it is to do, from any thread; what is sent when the stream has ended
   *     is lost
   */
  void probeConnected(String node, String probeInstanceId, Consumer<HopControl> control);

  /** The stream of a probe that had said whose it is has ended. */
  void probeDisconnected(String node, Consumer<HopControl> control);

  /** All pods of a node. */
  void podsTold(String node, Consumer<HopControl> control, PodInventory inventory);

  /** What a probe tells of a task. */
  void profileReported(String node, String probeInstanceId, ProfileReport report);

  /** A batch was taken, though records of it may have been refused. */
  void batchAccepted();

  /** A batch came again; it was acknowledged again, and nothing else. */
  void batchRepeated();

  /** Batches that a probe has numbered and that never came. */
  void batchesMissing(long count);

  /** A message was refused as a whole, and its stream ended. */
  void messageRefused(String reason, String peer, String detail);

  /** Whose pod an address is, as a probe knows. */
  void podNamed(String address, Workload workload);

  /** A probe told of a pod of which it may not tell; it is left out. */
  void podRefused(String reason, String peer, String detail);

  /** A record for the correlator. */
  void hopAccepted(HopRecord record);

  /** A clock sample for the correlator. */
  void clockSample(String node, ClockSample sample);

  /** A clock sample that no clock can have made. */
  void clockSampleRefused(String peer, String detail);

  /** Ends of an exchange that was refused. */
  void endsRefused(String reason, int count, String peer, String detail);

  /** What connections of a node's pods have carried since they were told of before. */
  void tcpGrown(String node, TcpGrowth growth);

  /** What connections have carried was refused. */
  void tcpRefused(String reason, String peer, String detail);

  /** A probe's own account, cumulative since its start. */
  void probeAccounting(String node, long endsSeen, long endsSent, Map<String, Long> endsLost);
}
