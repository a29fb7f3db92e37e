/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import com.google.protobuf.ByteString;
import dev.sidelight.controller.profile.Report.Omitted;
import dev.sidelight.controller.profile.Report.ReportedProcess;
import dev.sidelight.controller.profile.Sample.Header;
import dev.sidelight.correlator.TcpHistogram;
import dev.sidelight.hop.v1.ExchangeSample;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfiledConnection;
import dev.sidelight.hop.v1.ProfiledProcess;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.hop.v1.TcpTransfer;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/** Checks what a probe reports and turns it into values. Any thread. */
final class ReportReader {

  private static final int LONGEST_TEXT = 256;
  private static final int LONGEST_VALUE = 2048;
  private static final int MOST_PROCESSES = 4096;
  private static final int MOST_PORTS = 1024;
  private static final int MOST_CONNECTIONS = 8192;
  private static final int MOST_SAMPLES = 4096;
  private static final int MOST_HEADERS = 256;
  private static final int MOST_DROP_REASONS = 256;
  private static final int MAX_PORT = 65_535;
  private static final Set<String> CLOSERS = Set.of("local", "remote", "reset", "none");

  private ReportReader() {}

  /**
   * The report, or why it cannot be one.
   *
   * @param toEpochNanos of the node's monotonic clock
   */
  static Report read(ProfileReport report, LongUnaryOperator toEpochNanos) throws RefusedException {
    atMost("processes", report.getProcessesCount(), MOST_PROCESSES);
    atMost("connections", report.getConnectionsCount(), MOST_CONNECTIONS);
    atMost("samples", report.getSamplesCount(), MOST_SAMPLES);
    List<ReportedProcess> processes = new ArrayList<>();
    Set<Integer> listeningPorts = new HashSet<>();
    for (ProfiledProcess process : report.getProcessesList()) {
      processes.add(process(process));
      listeningPorts.addAll(process.getListeningPortsList());
    }
    List<ReportedConnection> connections = new ArrayList<>();
    for (ProfiledConnection connection : report.getConnectionsList()) {
      connections.add(connection(connection, listeningPorts));
    }
    List<Sample> samples = new ArrayList<>();
    for (ExchangeSample sample : report.getSamplesList()) {
      samples.add(sample(sample, toEpochNanos));
    }
    return new Report(
        processes,
        connections,
        samples,
        drops(report.getUnconnectedDropsMap()),
        new Omitted(
            Integer.toUnsignedLong(report.getConnectionsOmitted()),
            Integer.toUnsignedLong(report.getSamplesOmitted()),
            Integer.toUnsignedLong(report.getProcessesOmitted())));
  }

  private static ReportedProcess process(ProfiledProcess process) throws RefusedException {
    atMost("ports", process.getListeningPortsCount(), MOST_PORTS);
    for (int port : process.getListeningPortsList()) {
      port(port);
    }
    return new ReportedProcess(
        process.getPid(), text(process.getName()), process.getListeningPortsList());
  }

  private static ReportedConnection connection(
      ProfiledConnection connection, Set<Integer> listeningPorts) throws RefusedException {
    address(connection.getLocalAddress());
    return new ReportedConnection(
        connection.getSocketCookie(),
        isInitiator(connection, listeningPorts),
        text(connection.getProcess()),
        port(connection.getLocalPort()),
        address(connection.getRemoteAddress()),
        port(connection.getRemotePort()),
        connection.getPeerCookie(),
        text(connection.getPeer()),
        text(connection.getPeerKind()),
        text(connection.getProtocol()),
        connection.getTls(),
        !connection.getCloser().isEmpty(),
        figures(connection));
  }

  /** Of one that is older than the probe nobody saw who opened it; who listens has not. */
  private static boolean isInitiator(ProfiledConnection connection, Set<Integer> listeningPorts)
      throws RefusedException {
    return switch (connection.getRole()) {
      case INITIATOR -> true;
      case ACCEPTOR -> false;
      case ROLE_UNSPECIFIED -> !listeningPorts.contains(connection.getLocalPort());
      case UNRECOGNIZED -> throw new RefusedException("wrong_role", "a role that is none");
    };
  }

  private static Figures figures(ProfiledConnection connection) throws RefusedException {
    Figures figures = new Figures();
    TcpTransfer writes = connection.getWrites();
    figures.addWrites(
        count(writes.getCalls()), count(writes.getBytes()), calls(writes.getDurations()));
    TcpTransfer reads = connection.getReads();
    figures.addReads(count(reads.getCalls()), count(reads.getBytes()), calls(reads.getDurations()));
    figures.addRoundTrips(durations(Durations.ROUND_TRIP_NANOS, connection.getRoundTrips()));
    figures.addRetransmits(count(connection.getRetransmits()));
    figures.addDrops(drops(connection.getDropsMap()));
    if (count(connection.getConnectNanos()) > 0) {
      figures.addConnect(connection.getConnectNanos());
    }
    if (count(connection.getAcceptNanos()) > 0) {
      figures.addAccept(connection.getAcceptNanos());
    }
    if (!connection.getCloser().isEmpty()) {
      if (!CLOSERS.contains(connection.getCloser())) {
        throw new RefusedException("wrong_closer", "a closer that is none");
      }
      figures.addClose(connection.getCloser(), count(connection.getCloseNanos()));
    }
    return figures;
  }

  private static Durations calls(dev.sidelight.hop.v1.TcpHistogram histogram)
      throws RefusedException {
    return durations(Durations.CALL_NANOS, histogram);
  }

  private static Durations durations(int leastNanos, dev.sidelight.hop.v1.TcpHistogram histogram)
      throws RefusedException {
    atMost("buckets", histogram.getCountsCount(), TcpHistogram.BUCKETS);
    long[] counts = new long[histogram.getCountsCount()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = count(histogram.getCounts(i));
    }
    return Durations.of(leastNanos, counts, count(histogram.getTotalNanos()));
  }

  private static Map<String, Long> drops(Map<String, Long> packetsByReason)
      throws RefusedException {
    atMost("drop reasons", packetsByReason.size(), MOST_DROP_REASONS);
    Map<String, Long> drops = new TreeMap<>();
    for (Map.Entry<String, Long> drop : packetsByReason.entrySet()) {
      drops.put(text(drop.getKey()), count(drop.getValue()));
    }
    return drops;
  }

  private static Sample sample(ExchangeSample sample, LongUnaryOperator toEpochNanos)
      throws RefusedException {
    return new Sample(
        why(sample.getWhy()),
        TimeUnit.NANOSECONDS.toMillis(
            toEpochNanos.applyAsLong(count(sample.getStartMonotonicNanos()))),
        count(sample.getDurationNanos()),
        text(sample.getProcess()),
        role(sample.getRole()),
        text(sample.getProtocol()),
        text(sample.getMethod()),
        text(sample.getPathTemplate()),
        sample.getStatus(),
        text(sample.getRequestId()),
        headers(sample.getRequestHeadersList()),
        headers(sample.getResponseHeadersList()),
        sample.getHeadersTruncated());
  }

  private static String why(ExchangeSample.Why why) throws RefusedException {
    return switch (why) {
      case SLOW -> "slow";
      case CLIENT_ERROR -> "clientError";
      case SERVER_ERROR -> "serverError";
      case WHY_UNSPECIFIED, UNRECOGNIZED ->
          throw new RefusedException("wrong_sample", "a sample without a cause");
    };
  }

  private static String role(Role role) throws RefusedException {
    return switch (role) {
      case INITIATOR -> "client";
      case ACCEPTOR -> "server";
      case ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new RefusedException("wrong_role", "a sample without a role");
    };
  }

  private static List<Header> headers(List<dev.sidelight.hop.v1.Header> headers)
      throws RefusedException {
    atMost("headers", headers.size(), MOST_HEADERS);
    List<Header> read = new ArrayList<>();
    for (dev.sidelight.hop.v1.Header header : headers) {
      String value = header.hasValue() ? header.getValue() : null;
      if (value != null && value.length() > LONGEST_VALUE) {
        throw new RefusedException("long_text", "a header's value of " + value.length());
      }
      read.add(new Header(text(header.getName()).toLowerCase(Locale.ROOT), value));
    }
    return read;
  }

  private static String address(ByteString address) throws RefusedException {
    try {
      return Addresses.text(address.toByteArray());
    } catch (UnknownHostException e) {
      throw new RefusedException("bad_address", "an address of " + address.size() + " bytes");
    }
  }

  private static int port(int port) throws RefusedException {
    if (port < 0 || port > MAX_PORT) {
      throw new RefusedException("port_out_of_range", "port " + Integer.toUnsignedString(port));
    }
    return port;
  }

  private static String text(String text) throws RefusedException {
    if (text.length() > LONGEST_TEXT) {
      throw new RefusedException("long_text", "a text of " + text.length() + " characters");
    }
    return text;
  }

  /** No probe lives long enough for more than half of what 64 bits hold. */
  private static long count(long value) throws RefusedException {
    if (value < 0) {
      throw new RefusedException("impossible_count", Long.toUnsignedString(value));
    }
    return value;
  }

  private static void atMost(String what, int count, int most) throws RefusedException {
    if (count > most) {
      throw new RefusedException("too_many", count + " " + what);
    }
  }
}
