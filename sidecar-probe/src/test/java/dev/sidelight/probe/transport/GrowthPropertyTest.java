/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.hop.v1.TcpSeries;
import dev.sidelight.hop.v1.TcpTransfer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;

/** Whenever growth is taken: all of it added up is what is exposed, series by series. */
class GrowthPropertyTest {

  private enum Kind {
    WRITE,
    END,
    DROP,
    SETTLE,
    TAKE
  }

  private record Step(Kind kind, int connection) {}

  private ConnectionTable table;
  private int[] writes;
  private int[] drops;
  private Map<String, Long> told;

  @BeforeTry
  void begin() {
    table = new ConnectionTable(3, new OnePod(), () -> 0);
    writes = new int[6];
    drops = new int[6];
    told = new TreeMap<>();
  }

  @Property(tries = 500)
  void growthAddedUp_isWhatIsExposed(@ForAll("steps") List<Step> steps) throws Exception {
    for (Step step : steps) {
      take(step);
    }
    settle();
    takeGrowth();
    Map<String, Long> exposed = new TreeMap<>();
    table
        .series()
        .all()
        .forEach(
            (labels, series) -> {
              add(exposed, labels.process() + " calls", series.writes.calls());
              add(exposed, labels.process() + " bytes", series.writes.bytes());
              add(exposed, labels.process() + " nanos", series.writes.times().total());
              add(exposed, labels.process() + " bucket", series.writes.times().bucket(1));
              series.closeCounts.forEach(
                  (closer, count) -> add(exposed, labels.process() + closer.label(), count));
              series.drops.forEach(
                  (reason, count) -> add(exposed, labels.process() + reason, count));
            });
    assertThat(told).isEqualTo(exposed);
    assertThat(table.hasGrown()).isFalse();
  }

  private void take(Step step) throws InvalidProtocolBufferException {
    int at = step.connection();
    switch (step.kind()) {
      case WRITE -> table.accept(connection(at, ++writes[at]).bytes());
      case END -> table.accept(connection(at, writes[at]).ended(Closer.LOCAL, 9).bytes());
      case DROP -> table.drop(at + 1, TestConnection.NETNS, "NO_SOCKET", ++drops[at]);
      case SETTLE -> settle();
      case TAKE -> takeGrowth();
    }
  }

  private static TestConnection connection(int at, int writes) {
    return new TestConnection(at + 1, "p" + at).writes(writes, 10L * writes);
  }

  /** Twice: a connection waits for its other end once. */
  private void settle() {
    table.settle();
    table.settle();
  }

  private void takeGrowth() throws InvalidProtocolBufferException {
    for (byte[] message : table.takeGrowth()) {
      TcpSeries series = TcpSeries.parseFrom(message);
      String process = series.getProcess();
      TcpTransfer transfer = series.getWrites();
      add(told, process + " calls", transfer.getCalls());
      add(told, process + " bytes", transfer.getBytes());
      add(told, process + " nanos", transfer.getDurations().getTotalNanos());
      if (transfer.getDurations().getCountsCount() > 1) {
        add(told, process + " bucket", transfer.getDurations().getCounts(1));
      }
      series
          .getClosesList()
          .forEach(close -> add(told, process + close.getCloser(), close.getConnections()));
      series.getDropsMap().forEach((reason, count) -> add(told, process + reason, count));
    }
  }

  private static void add(Map<String, Long> sums, String what, long count) {
    if (count > 0) {
      sums.merge(what, count, Long::sum);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  private static final class OnePod implements PodNames {
    @Override
    public WorkloadName ofNetns(int netns) {
      return new WorkloadName("default", "reviews-v1", "reviews", "v1");
    }

    @Override
    public Optional<WorkloadName> ofAddress(String address) {
      return Optional.empty();
    }

    @Override
    public boolean isPresent(int netns) {
      return true;
    }
  }
}
