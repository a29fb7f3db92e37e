/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.TcpSeries;
import dev.sidelight.probe.hop.EndAccounting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Against the real service on loopback. */
class HopUploaderTest {
  private static final PodAddresses.Owner REVIEWS =
      new PodAddresses.Owner("bookinfo", "reviews-v1", "reviews", "v1");
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final NodeIdentity IDENTITY = new NodeIdentity("node-1", "instance-1", "test");

  private final EndAccounting accounting = new EndAccounting();
  private final Queue<TcpSeries> growth = new ConcurrentLinkedQueue<>();

  @Test
  void exchanges_arriveWithTheirPodAndAreAcknowledged() throws IOException {
    try (CollectingController controller = new CollectingController(0);
        HopUploader uploader = uploader(controller.port())) {
      offer(uploader, 1);
      uploader.offer(new ClockSample(10, 20, 30));
      await().atMost(SOON).until(() -> accounting.sentCount() == 2);
      assertThat(controller.hellos())
          .singleElement()
          .matches(h -> h.getNodeName().equals("node-1"));
      HopBatch batch = controller.batches().get(0);
      assertThat(batch.getSequence()).isEqualTo(1);
      assertThat(batch.getPodsList())
          .singleElement()
          .matches(pod -> pod.getUid().equals("uid-7"))
          .matches(pod -> pod.getWorkload().equals("reviews-v1"));
      assertThat(controller.batches()).anyMatch(any -> any.getClockSamplesCount() == 1);
      assertThat(uploader.isConnected()).isTrue();
    }
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void unacknowledgedBatch_isSentAgainWithItsNumberAfterReconnection() throws IOException {
    CollectingController first = new CollectingController(0);
    first.acknowledge(false);
    try (HopUploader uploader = uploader(first.port())) {
      offer(uploader, 1);
      await().atMost(SOON).until(() -> first.batches().size() == 1);
      first.close();
      try (CollectingController second = controllerOn(first.port())) {
        await().atMost(SOON).until(() -> accounting.sentCount() == 2);
        assertThat(second.batches().get(0).getSequence()).isEqualTo(1);
        assertThat(second.hellos().get(0).getProbeInstanceId()).isEqualTo("instance-1");
        offer(uploader, 2);
        await().atMost(SOON).until(() -> accounting.sentCount() == 4);
        assertThat(second.exchanges()).hasSize(2);
      }
    }
    assertThat(accounting.isBalanced()).isTrue();
  }

  @Test
  void growth_isToldOnceAndWaitsForTheController() throws IOException {
    growth.add(series(1));
    CollectingController first = new CollectingController(0);
    first.acknowledge(false);
    HopUploader uploader = uploader(first.port());
    await().atMost(SOON).until(() -> !first.batches().isEmpty());
    growth.add(series(2));
    first.close();
    try (CollectingController second = controllerOn(first.port())) {
      await().atMost(SOON).until(() -> second.series().count() == 2);
      assertThat(second.batches().get(0).getSequence()).isEqualTo(1);
      assertThat(second.batches().get(0).getTcpSeriesList())
          .isEqualTo(first.batches().get(0).getTcpSeriesList());
      growth.add(series(3));
      uploader.close();
      assertThat(second.series()).containsExactly(series(1), series(2), series(3));
    }
  }

  @Test
  void growthOfAnAbsentController_staysWhereItIsCounted() throws IOException {
    CollectingController gone = new CollectingController(0);
    gone.close();
    growth.add(series(1));
    try (HopUploader uploader = uploader(gone.port())) {
      await().atMost(SOON).until(growth::isEmpty);
      growth.add(series(2));
      uploader.offer(TestExchanges.pair(1));
      accounting.seen();
      accounting.seen();
      await().atMost(SOON).until(() -> uploader.queuedEnds() == 2);
      assertThat(growth).containsExactly(series(2));
    }
  }

  @Test
  void absentController_costsTheOldest() throws IOException {
    CollectingController gone = new CollectingController(0);
    gone.close();
    HopUploader uploader = uploader(gone.port());
    for (int i = 0; i < 60; i++) {
      offer(uploader, i);
    }
    long lost = 2 * 60 - 100;
    await().atMost(SOON).until(() -> accounting.lostCount(EndAccounting.Loss.QUEUE_FULL) == lost);
    assertThat(uploader.queuedEnds()).isEqualTo(100);
    uploader.close();
    assertThat(accounting.lostCount(EndAccounting.Loss.SHUTDOWN)).isEqualTo(100);
    assertThat(accounting.isBalanced()).isTrue();
  }

  private HopUploader uploader(int port) {
    HopUploader uploader =
        new HopUploader(
            new UploadSettings("127.0.0.1", port, 10, 100),
            IDENTITY,
            netns ->
                Optional.of(
                    new PodAddresses(netns, "uid-" + netns, List.of("10.77.0.13"), REVIEWS)),
            new SeriesGrowth() {
              @Override
              public boolean hasGrown() {
                return !growth.isEmpty();
              }

              @Override
              public List<byte[]> takeGrowth() {
                List<byte[]> messages = new ArrayList<>();
                for (TcpSeries next = growth.poll(); next != null; next = growth.poll()) {
                  messages.add(next.toByteArray());
                }
                return messages;
              }
            },
            accounting);
    uploader.start();
    return uploader;
  }

  private static TcpSeries series(long retransmits) {
    return TcpSeries.newBuilder().setWorkload("reviews-v1").setRetransmits(retransmits).build();
  }

  private void offer(HopUploader uploader, int index) {
    accounting.seen();
    accounting.seen();
    uploader.offer(TestExchanges.pair(index));
  }

  /** The port may take a moment to be free. */
  private static CollectingController controllerOn(int port) {
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> new CollectingController(port), c -> true);
  }
}
