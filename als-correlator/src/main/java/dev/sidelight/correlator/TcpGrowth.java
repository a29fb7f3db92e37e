/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.List;
import java.util.Map;

/**
 * What the connections of a workload with the same labels have carried, by the kernel, since a
 * probe told of them before. Each growth is told once.
 *
 * @param workload whose pods
 * @param process file name of the sockets' owner
 * @param peer name of the peer's process in the same pod, else of its workload, else "remote"
 * @param peerKind which of these: "process", "workload" or "remote"
 * @param side "client" opened the connections, "server" accepted them; empty where the kernel named
 *     no connection
 * @param protocol what they speak
 * @param tls whether they are encrypted
 * @param writes calls that sent
 * @param reads calls that took
 * @param connects SYN sent to established
 * @param accepts established to the owner's first I/O
 * @param closes ended connections, one a closer
 * @param roundTrips the smoothed round trip at each write
 * @param retransmits segments sent again
 * @param drops packets that the kernel dropped, by its reason
 */
public record TcpGrowth(
    Workload workload,
    String process,
    String peer,
    String peerKind,
    String side,
    String protocol,
    boolean tls,
    Transfer writes,
    Transfer reads,
    TcpHistogram connects,
    TcpHistogram accepts,
    List<Close> closes,
    TcpHistogram roundTrips,
    long retransmits,
    Map<String, Long> drops) {

  /** Copies what could change. */
  public TcpGrowth {
    closes = List.copyOf(closes);
    drops = Map.copyOf(drops);
  }

  /**
   * Calls of one direction.
   *
   * @param calls that moved bytes
   * @param bytes moved
   * @param durations of those calls whose time was taken
   */
  public record Transfer(long calls, long bytes, TcpHistogram durations) {}

  /**
   * Connections that ended.
   *
   * @param closer who sent the first FIN: "local", "remote", "reset" or "none"
   * @param connections how many
   * @param durations own FIN to the socket's end, of those that sent one
   */
  public record Close(String closer, long connections, TcpHistogram durations) {}
}
