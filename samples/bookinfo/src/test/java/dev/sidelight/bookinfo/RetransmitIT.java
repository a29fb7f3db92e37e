/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One packet dropped on a link is a retransmit on the very request that it carried. */
@ExtendWith(LocalMesh.class)
class RetransmitIT {

  private static final String EDGE = "productpage-v1->details-v1";

  @AfterEach
  void clear(LocalMesh mesh) {
    mesh.run("fault", "clear");
  }

  @Test
  void droppedPacket_isARetransmitOfThatRequest(LocalMesh mesh, SidelightApi api) throws Exception {
    Process traffic = mesh.start("traffic", "30", "12");
    JsonNode dropped = mesh.runJson("drop", "details-v1");
    traffic.getInputStream().transferTo(System.out);
    assertThat(traffic.waitFor()).isZero();
    long position = dropped.get("sequence").asLong();
    String source = dropped.get("source").asText();

    await("the request is told")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(callsWithRetransmits(api))
                    .as("calls with a retransmit after dropping %s", dropped)
                    .isNotEmpty());

    List<Call> hit = callsWithRetransmits(api);
    assertThat(hit).hasSize(1);
    JsonNode sender = hit.get(0).end("sourceUpstream");
    assertThat(address(sender.get("local"))).isEqualTo(source);
    assertThat(position)
        .isBetween(sender.get("sendStart").asLong(), sender.get("sendEnd").asLong() - 1);
    assertThat(hit.get(0).isFull()).isTrue();
    assertThat(hit.get(0).linkRetransmits()).isEqualTo(1);
  }

  @Test
  void withoutDrops_noRequestCarriesARetransmit(LocalMesh mesh, SidelightApi api) {
    String requestId = UUID.randomUUID().toString();
    mesh.run("request", "--request-id", requestId);

    await("the request's calls are told")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> api.callsOf(requestId).stream().anyMatch(call -> call.edge().equals(EDGE)));
    assertThat(api.callsOf(requestId))
        .filteredOn(Call::isFull)
        .isNotEmpty()
        .allMatch(call -> call.linkRetransmits() == 0);
  }

  private static String address(JsonNode socketAddress) {
    return socketAddress.get("address").asText() + ":" + socketAddress.get("port").asInt();
  }

  private static List<Call> callsWithRetransmits(SidelightApi api) {
    return api.calls(60).stream()
        .filter(call -> call.edge().equals(EDGE) && call.isFull() && call.linkRetransmits() > 0)
        .toList();
  }
}
