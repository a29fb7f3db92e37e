/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.profile.TestReports;
import dev.sidelight.hop.v1.ClockSample;
import dev.sidelight.hop.v1.HopBatch;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.HopUpload;
import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProbeHello;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running controller between a client of its API and a probe's stream. */
class ProfileStreamTest {

  private static final String PRODUCTPAGE = "{\"pod\":\"bookinfo/productpage-v1-1\"}";

  private final HttpClient client = HttpClient.newHttpClient();
  private RunningController controller = new RunningController(Map.of());

  @TempDir Path directory;

  @AfterEach
  void stop() {
    controller.close();
  }

  @Test
  void profile_goesDownAndComesUp() throws Exception {
    assertThat(post(PRODUCTPAGE).statusCode()).isEqualTo(503);
    try (GrpcStream probe = probe("i-1")) {
      String id = started();
      PodTask task = awaitControl(probe, 0).getTask();
      assertThat(task.getTaskId()).isEqualTo(id);
      assertThat(task.getNetns()).isEqualTo(TestReports.NETNS);
      assertThat(task.getDurationSeconds()).isEqualTo(120);

      probe.send(report(TestReports.report(id, 1)));
      await().until(() -> get(id).get("reports").asInt() == 1);
      JsonNode lines = get(id).get("topology").get("lines");
      assertThat(lines).hasSize(2);
      JsonNode line =
          controller.getJson(
              "/api/v1/profiles/" + id + "/lines/" + lines.get(0).get("id").asText());
      assertThat(line.get("client")).hasSize(1);
      assertThat(controller.getJson("/api/v1/profiles/" + id + "/samples").get("samples"))
          .isEmpty();
      assertThat(post(PRODUCTPAGE).statusCode()).isEqualTo(409);

      assertThat(send("DELETE", "/api/v1/profiles/" + id, null).statusCode()).isEqualTo(200);
      assertThat(awaitControl(probe, 1).getEndTaskId()).isEqualTo(id);
      probe.send(report(TestReports.report(id, 2).setState(ProfileState.ENDED).setReason("asked")));
      await().until(() -> get(id).get("reports").asInt() == 2);
      controller.awaitCounter(
          2, "sidelight_profile_reports_total", "outcome", "accepted", "reason", "");
      controller.awaitCounter(1, "sidelight_profile_ended_total", "reason", "asked");
      assertThat(controller.counter("sidelight_profile_tasks", "state", "ended")).isEqualTo(1);
      assertThat(controller.counter("sidelight_profile_bytes")).isPositive();
    }
    await().until(() -> controller.counter("sidelight_profile_pods") == 0);
  }

  @Test
  void timesAreOfTheNodesClock() throws Exception {
    try (GrpcStream probe = probe("i-1")) {
      probe.send(
          upload(
              HopUpload.newBuilder()
                  .setBatch(
                      HopBatch.newBuilder()
                          .setSequence(1)
                          .addClockSamples(
                              ClockSample.newBuilder()
                                  .setMonotonicNanos(1)
                                  .setEpochOffsetNanos(5_000_000_000_000L)))));
      String id = started();
      probe.send(report(TestReports.report(id, 1)));
      await().until(() -> get(id).get("reports").asInt() == 1);
      String line = get(id).get("topology").get("lines").get(0).get("id").asText();
      assertThat(
              controller
                  .getJson("/api/v1/profiles/" + id + "/lines/" + line)
                  .get("server")
                  .get(0)
                  .get("epochMillis")
                  .asLong())
          .isEqualTo(6_000_000);
    }
  }

  @Test
  void brokenStream_isSentItsTasksAgain() throws Exception {
    String id;
    try (GrpcStream probe = probe("i-1")) {
      id = started();
      awaitControl(probe, 0);
      probe.send(report(TestReports.report(id, 1)));
      await().until(() -> get(id).get("reports").asInt() == 1);
      probe.cancel();
    }
    controller.awaitCounter(0, "sidelight_hop_streams");
    assertThat(get(id).get("state").asText()).isEqualTo("running");
    try (GrpcStream probe = probe("i-1")) {
      PodTask task = awaitControl(probe, 0).getTask();
      assertThat(task.getTaskId()).isEqualTo(id);
      assertThat(task.getDurationSeconds()).isBetween(1, 120);
      probe.send(report(TestReports.report(id, 2)));
      await().until(() -> get(id).get("reports").asInt() == 2);
      assertThat(get(id).get("reportsMissing").asInt()).isZero();
    }
  }

  @Test
  void controllerThatRestarted_endsWhatItDoesNotKnow() throws Exception {
    try (GrpcStream probe = probe("i-1")) {
      probe.send(report(TestReports.report("of-the-one-before", 9)));
      assertThat(awaitControl(probe, 0).getEndTaskId()).isEqualTo("of-the-one-before");
    }
  }

  @Test
  void refusalOfTheProbe_isTold() throws Exception {
    try (GrpcStream probe = probe("i-1")) {
      String id = started();
      probe.send(
          report(
              ProfileReport.newBuilder()
                  .setTaskId(id)
                  .setState(ProfileState.REFUSED)
                  .setReason("too_many_tasks")));
      await().until(() -> get(id).get("state").asText().equals("refused"));
      assertThat(get(id).get("reason").asText()).isEqualTo("too_many_tasks");
    }
  }

  @Test
  void messagesBeforeTheHello_endTheStream() {
    for (byte[] message :
        new byte[][] {
          upload(HopUpload.newBuilder().setInventory(TestReports.inventory())),
          report(TestReports.report("t", 1))
        }) {
      try (GrpcStream probe = controller.hops().send(message)) {
        assertThat(probe.status().orTimeout(10, TimeUnit.SECONDS).join().getCode())
            .isEqualTo(Status.Code.INVALID_ARGUMENT);
      }
    }
  }

  @Test
  void token_isNeededToWriteAndIsInTheFile() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "f1rst\n");
    restart(Map.of(Setting.API_TOKEN_FILE, file.toString(), Setting.API_TOKEN, "unused"));
    try (GrpcStream probe = probe("i-1")) {
      HttpResponse<String> refused = post(PRODUCTPAGE);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate").orElse("")).startsWith("Bearer");
      assertThat(post(PRODUCTPAGE, "authorization", "Bearer unused").statusCode()).isEqualTo(401);
      // Reading needs none.
      assertThat(controller.getJson("/api/v1/pods").get("pods")).hasSize(2);

      HttpResponse<String> started = post(PRODUCTPAGE, "authorization", "Bearer f1rst");
      assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
      String path =
          "/api/v1/profiles/" + new ObjectMapper().readTree(started.body()).get("id").asText();
      assertThat(send("DELETE", path, null).statusCode()).isEqualTo(401);
      Files.writeString(file, "s3cond");
      assertThat(send("DELETE", path, null, "authorization", "Bearer f1rst").statusCode())
          .isEqualTo(401);
      assertThat(send("DELETE", path, null, "authorization", "Bearer s3cond").statusCode())
          .isEqualTo(200);
      assertThat(awaitControl(probe, 1).hasEndTaskId()).isTrue();
    }
  }

  @Test
  void pageOfAnotherOrigin_isRefused() throws Exception {
    try (GrpcStream probe = probe("i-1")) {
      assertThat(post(PRODUCTPAGE, "origin", "http://evil.example").statusCode()).isEqualTo(403);
      assertThat(post(PRODUCTPAGE, "origin", "null").statusCode()).isEqualTo(403);
      HttpRequest form =
          HttpRequest.newBuilder(uri("/api/v1/profiles"))
              .header("content-type", "text/plain")
              .POST(HttpRequest.BodyPublishers.ofString(PRODUCTPAGE))
              .build();
      assertThat(client.send(form, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(415);
      assertThat(post("{\"pod\":\"" + "x".repeat(20_000) + "\"}").statusCode()).isEqualTo(413);
      assertThat(send("PUT", "/api/v1/profiles", PRODUCTPAGE).statusCode()).isEqualTo(405);
      assertThat(probe.received()).isEmpty();
      String own = "http://127.0.0.1:" + controller.controller().httpPort();
      assertThat(post(PRODUCTPAGE, "origin", own).statusCode()).isEqualTo(201);
    }
  }

  private void restart(Map<Setting, String> settings) {
    controller.close();
    controller = new RunningController(settings);
  }

  /** A probe that has told of its pods. */
  private GrpcStream probe(String instance) {
    GrpcStream probe =
        controller
            .hops()
            .send(
                upload(
                    HopUpload.newBuilder()
                        .setHello(
                            ProbeHello.newBuilder()
                                .setNodeName("node-1")
                                .setProbeInstanceId(instance))))
            .send(upload(HopUpload.newBuilder().setInventory(TestReports.inventory())));
    await().until(() -> controller.getJson("/api/v1/pods").get("pods").size() == 2);
    return probe;
  }

  /** The message of this number that is no acknowledgement. */
  private static HopControl awaitControl(GrpcStream probe, int number) throws Exception {
    await().until(() -> controls(probe).length > number);
    return controls(probe)[number];
  }

  private static HopControl[] controls(GrpcStream probe) throws Exception {
    List<HopControl> controls = new ArrayList<>();
    for (byte[] message : probe.received()) {
      HopControl control = HopControl.parseFrom(message);
      if (!control.hasAcknowledgement()) {
        controls.add(control);
      }
    }
    return controls.toArray(new HopControl[0]);
  }

  private static byte[] report(ProfileReport.Builder report) {
    return upload(HopUpload.newBuilder().setProfile(report));
  }

  private static byte[] upload(HopUpload.Builder upload) {
    return upload.build().toByteArray();
  }

  private String started() throws IOException, InterruptedException {
    HttpResponse<String> response = post(PRODUCTPAGE);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new ObjectMapper().readTree(response.body()).get("id").asText();
  }

  private JsonNode get(String id) throws IOException, InterruptedException {
    return controller.getJson("/api/v1/profiles/" + id);
  }

  private HttpResponse<String> post(String body, String... headers)
      throws IOException, InterruptedException {
    return send("POST", "/api/v1/profiles", body, headers);
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body, UTF_8));
    if (body != null) {
      request.header("content-type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + controller.controller().httpPort() + path);
  }
}
