/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.TcpLogEntry.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Entries of TCP that are lost, doubled, late and out of order: no byte is counted twice. */
class TcpConnectionsPropertyTest {

  /**
   * An entry of a connection, and what becomes of it.
   *
   * @param bytes since the entry before, in both directions
   * @param copies 0 where it is lost
   * @param delay how many places later it may arrive
   */
  private record Step(int bytes, int copies, int delay) {}

  /** A connection as it was; its first entry says that it was opened, its last that it ended. */
  private record Connection(List<Step> steps) {
    long total() {
      return steps.stream().mapToLong(Step::bytes).sum();
    }
  }

  private record Arrival(int at, TcpLogEntry entry) {}

  @Provide
  Arbitrary<List<Connection>> disturbed() {
    return connections(
        Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 0), Tuple.of(1, 2)),
        Arbitraries.integers().between(0, 30));
  }

  @Provide
  Arbitrary<List<Connection>> complete() {
    return connections(Arbitraries.just(1), Arbitraries.just(0));
  }

  @Property(tries = 500)
  void noByteIsCountedTwice_andNoneThatWasNot(@ForAll("disturbed") List<Connection> connections) {
    Map<String, Long> counted = count(connections, new TcpConnections(1_000));

    for (int i = 0; i < connections.size(); i++) {
      assertThat(counted.getOrDefault(idOf(i), 0L)).isBetween(0L, connections.get(i).total());
    }
  }

  @Property(tries = 500)
  void endThatArrives_makesTheSumWhole(@ForAll("disturbed") List<Connection> connections) {
    Map<String, Long> counted = count(connections, new TcpConnections(1_000));

    for (int i = 0; i < connections.size(); i++) {
      List<Step> steps = connections.get(i).steps();
      if (steps.get(steps.size() - 1).copies() > 0) {
        assertThat(counted).containsEntry(idOf(i), connections.get(i).total());
      }
    }
  }

  @Property(tries = 500)
  void nothingLost_everyByteIsCountedAndNothingStays(
      @ForAll("complete") List<Connection> connections) {
    TcpConnections held = new TcpConnections(1_000);
    Map<String, Long> counted = count(connections, held);

    for (int i = 0; i < connections.size(); i++) {
      assertThat(counted).containsEntry(idOf(i), connections.get(i).total());
    }
    assertThat(held.size()).isZero();
  }

  @Property(tries = 500)
  void memoryIsBounded_andTheSumsHoldAtTheBound(
      @ForAll("disturbed") List<Connection> connections,
      @ForAll @IntRange(min = 1, max = 6) int capacity) {
    TcpConnections held = new TcpConnections(capacity);
    Map<String, Long> opened = new HashMap<>();
    for (Arrival arrival : arrivals(connections)) {
      TcpTraffic traffic = take(held, arrival.entry());
      assertThat(held.size()).isLessThanOrEqualTo(capacity);
      if (traffic != null) {
        assertThat(traffic.bytesReceived()).isNotNegative();
        assertThat(traffic.bytesSent()).isEqualTo(traffic.bytesReceived());
        opened.merge(arrival.entry().streamId(), traffic.opened() ? 1L : 0L, Long::sum);
      }
    }
    if (connections.size() <= capacity) {
      // As many as are over are remembered.
      assertThat(opened.values()).allMatch(times -> times == 1);
    }
  }

  private static Map<String, Long> count(List<Connection> connections, TcpConnections held) {
    Map<String, Long> counted = new HashMap<>();
    for (Arrival arrival : arrivals(connections)) {
      TcpTraffic traffic = take(held, arrival.entry());
      if (traffic != null) {
        counted.merge(arrival.entry().streamId(), traffic.bytesReceived(), Long::sum);
      }
    }
    return counted;
  }

  /** Null where it is refused. */
  private static TcpTraffic take(TcpConnections held, TcpLogEntry entry) {
    try {
      return held.onEntry(entry, 0);
    } catch (TcpRefusedException e) {
      return null;
    }
  }

  private static List<Arrival> arrivals(List<Connection> connections) {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < connections.size(); i++) {
      List<Step> steps = connections.get(i).steps();
      long bytes = 0;
      for (int n = 0; n < steps.size(); n++) {
        Step step = steps.get(n);
        bytes += step.bytes();
        Kind kind = n == 0 ? Kind.CONNECTED : n == steps.size() - 1 ? Kind.END : Kind.PERIODIC;
        TcpLogEntry entry = entry(idOf(i), kind, bytes);
        int at = 10 * n;
        IntStream.range(0, step.copies())
            .forEach(copy -> arrivals.add(new Arrival(at + step.delay() * (copy + 1), entry)));
      }
    }
    arrivals.sort(Comparator.comparingInt(Arrival::at));
    return arrivals;
  }

  private static Arbitrary<List<Connection>> connections(
      Arbitrary<Integer> copies, Arbitrary<Integer> delay) {
    Arbitrary<Step> step =
        Combinators.combine(Arbitraries.integers().between(0, 5_000), copies, delay).as(Step::new);
    return step.list()
        .ofMinSize(2)
        .ofMaxSize(8)
        .map(Connection::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  private static String idOf(int connection) {
    return "stream-" + connection;
  }

  private static TcpLogEntry entry(String id, Kind kind, long bytes) {
    return new TcpLogEntry(
        MeshRoute.Pod.PRODUCTPAGE.proxy(),
        TrafficDirection.OUTBOUND,
        kind,
        id,
        1,
        1,
        null,
        null,
        Workload.UNKNOWN,
        Workload.UNKNOWN,
        "",
        "",
        "",
        "-",
        bytes,
        bytes);
  }
}
