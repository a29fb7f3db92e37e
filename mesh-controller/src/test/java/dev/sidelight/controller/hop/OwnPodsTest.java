/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import static dev.sidelight.controller.hop.TestBatches.NETNS;
import static dev.sidelight.controller.hop.TestBatches.hello;
import static dev.sidelight.controller.hop.TestBatches.hop;
import static dev.sidelight.controller.hop.TestBatches.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.limit.StreamLimits;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.TcpSeries;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

/** A probe of node-a, and pods of two nodes by their names. */
class OwnPodsTest {

  private static final int OTHER_NETNS = NETNS + 1;

  private final RecordingEvents events = new RecordingEvents();
  private final StreamLimits limits = new StreamLimits(1, 4, () -> 1);
  private final HopStream stream =
      TestStreams.stream(
          events, new TakenBatches(), new OwnPods(new ByPodsName(), "node-a"), limits);

  @Test
  void probeOfAnotherNode_isRefused() {
    assertThatThrownBy(() -> stream.onMessage(hello("node-b", "1")))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.reason()).isEqualTo("other_node"));
    assertThat(events.said).containsExactly("message other_node");
  }

  @Test
  void recordsOfAnotherNodesPod_areLeftOut_andTheBatchIsTaken() throws Exception {
    stream.onMessage(hello());
    long acknowledged =
        stream.onMessage(
            upload(
                HopBatch.newBuilder()
                    .setSequence(1)
                    .addPods(pod(NETNS, "node-a", "reviews"))
                    .addPods(pod(OTHER_NETNS, "node-b", "ratings"))
                    .addExchanges(hop())
                    .addExchanges(hop().setNetns(OTHER_NETNS))
                    .addTcpSeries(series("reviews"))
                    .addTcpSeries(series("ratings"))
                    .addTcpSeries(TcpSeries.getDefaultInstance())));
    assertThat(acknowledged).isEqualTo(1);
    assertThat(events.hops).hasSize(1);
    assertThat(events.grown).hasSize(2);
    assertThat(events.said)
        .containsExactly(
            "pod refused other_nodes_pod bookinfo/node-b ",
            "pod 10.77.0.13 bookinfo/reviews",
            "refused other_nodes_pod 2",
            "tcp refused other_workload",
            "accepted");
  }

  @Test
  void inventory_isToldWithoutAnotherNodesPods() throws Exception {
    stream.onMessage(hello());
    stream.onMessage(
        HopUpload.newBuilder()
            .setInventory(
                PodInventory.newBuilder()
                    .addPods(pod(NETNS, "node-a", "reviews"))
                    .addPods(pod(OTHER_NETNS, "node-b", "ratings")))
            .build()
            .toByteArray());
    assertThat(events.streams).containsExactly("connected node-a instance-1", "pods of node-a 1");
    assertThat(events.said)
        .containsExactly(
            "pod refused other_nodes_pod bookinfo/node-b ", "pod 10.77.0.13 bookinfo/reviews");
  }

  @Test
  void moreEndsThanAProbeMayBring_areRefused_andTheBatchIsTaken() throws Exception {
    stream.onMessage(hello());
    HopBatch.Builder batch = HopBatch.newBuilder().addPods(pod(NETNS, "node-a", "reviews"));
    for (int i = 0; i < 20; i++) {
      batch.addExchanges(hop());
    }
    assertThat(stream.onMessage(upload(batch.setSequence(1)))).isEqualTo(1);
    assertThat(stream.onMessage(upload(batch.setSequence(2)))).isEqualTo(2);
    assertThat(events.hops).hasSize(20);
    assertThat(events.said)
        .filteredOn(line -> !line.startsWith("pod "))
        .containsExactly("accepted", "refused too_many 40", "accepted");
  }

  private static Pod pod(int netns, String nameIsNode, String workload) {
    return Pod.newBuilder()
        .setNetns(netns)
        .setNamespace("bookinfo")
        .setName(nameIsNode)
        .setWorkload(workload)
        .addAddresses("10.77.0.13")
        .build();
  }

  private static TcpSeries series(String workload) {
    return TcpSeries.newBuilder().setNamespace("bookinfo").setWorkload(workload).build();
  }

  /** Each pod has the name of its node. */
  private static final class ByPodsName implements ProbeAdmission {
    @Override
    public boolean knowsProbes() {
      return true;
    }

    @Override
    public Future<String> nodeOf(String token) {
      return Future.succeededFuture("node-a");
    }

    @Override
    public String whyNot(String node, Pod pod) {
      return pod.getName().equals(node) ? "" : "other_nodes_pod";
    }
  }
}
