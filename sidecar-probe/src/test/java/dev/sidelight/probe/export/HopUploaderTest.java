/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileReport;
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
      new PodAddresses.Owner("bookinfo", "reviews-v1", "reviews", "v1", "reviews-v1-x2x7k");
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final NodeIdentity IDENTITY = new NodeIdentity("node-1", "instance-1", "test");

  private final EndAccounting accounting = new EndAccounting();
  private final Queue<TcpSeries> growth = new ConcurrentLinkedQueue<>();
  private final Queue<PodTask> begun = new ConcurrentLinkedQueue<>();
  private final Queue<String> ended = new ConcurrentLinkedQueue<>();
  private final TaskListener tasks =
      new TaskListener() {
        @Override
        public void begin(PodTask task) {
          begun.add(task);
        }

        @Override
        public void end(String taskId) {
          ended.add(taskId);
        }
      };

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
  void pods_areToldAfterTheHelloWhenTheyChangeAndOnEachCall() throws IOException {
    List<PodAddresses> two = List.of(pod(7), pod(8));
    CollectingController first = new CollectingController(0);
    HopUploader uploader = uploader(first.port());
    uploader.offerPods(List.of(pod(7)));
    await().atMost(SOON).until(() -> first.inventories().size() == 1);
    uploader.offerPods(two);
    await().atMost(SOON).until(() -> first.inventories().size() == 2);
    assertThat(first.inventories().get(0).getPodsList())
        .singleElement()
        .matches(pod -> pod.getNetns() == 7)
        .matches(pod -> pod.getName().equals("reviews-v1-x2x7k"));
    first.close();
    try (CollectingController second = controllerOn(first.port())) {
      await().atMost(SOON).until(() -> second.inventories().size() == 1);
      assertThat(second.inventories().get(0)).isEqualTo(first.inventories().get(1));
      uploader.close();
    }
  }

  @Test
  void tasks_comeDownAndReportsGoUp() throws IOException {
    PodTask task = PodTask.newBuilder().setTaskId("t1").setNetns(7).build();
    ProfileReport report = ProfileReport.newBuilder().setTaskId("t1").setSequence(1).build();
    try (CollectingController controller = new CollectingController(0);
        HopUploader uploader = uploader(controller.port())) {
      await().atMost(SOON).until(() -> controller.hellos().size() == 1);
      controller.send(HopControl.newBuilder().setTask(task).build());
      controller.send(HopControl.newBuilder().setEndTaskId("t1").build());
      await().atMost(SOON).until(() -> !ended.isEmpty());
      assertThat(begun).containsExactly(task);
      assertThat(ended).containsExactly("t1");
      uploader.offer(report);
      await().atMost(SOON).until(() -> controller.reports().contains(report));
    }
  }

  @Test
  void reportsForAnAbsentController_areTheNewest() throws IOException {
    CollectingController gone = new CollectingController(0);
    gone.close();
    HopUploader uploader = uploader(gone.port());
    String reason = "x".repeat(100_000);
    for (int i = 1; i <= 20; i++) {
      uploader.offer(ProfileReport.newBuilder().setSequence(i).setReason(reason).build());
    }
    assertThat(uploader.droppedProfiles()).isEqualTo(10);
    try (CollectingController controller = controllerOn(gone.port())) {
      await().atMost(SOON).until(() -> controller.reports().size() == 10);
      assertThat(controller.reports())
          .extracting(ProfileReport::getSequence)
          .containsExactly(11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
      uploader.close();
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
            new UploadSettings("127.0.0.1", port, CallSecurity.NONE, 10, 100),
            IDENTITY,
            netns -> Optional.of(pod(netns)),
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
    uploader.start(tasks, () -> {});
    return uploader;
  }

  private static PodAddresses pod(int netns) {
    return new PodAddresses(netns, "uid-" + netns, List.of("10.77.0.13"), REVIEWS);
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
