/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pod's network profile, from the API through the probe to the kernel and back. */
@ExtendWith(LocalMesh.class)
class ProfileIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POD = "productpage-v1";
  private static final String ENVOY = "process:envoy";
  private static final int OUTBOUND_PORT = 15001;
  private static final int INBOUND_PORT = 15006;
  private static final int APP_PORT = 9080;

  /** The probe's default. */
  private static final int PROBE_MAX_TASKS = 4;

  private static final int REQUESTS = 60;

  /** Istio's default: two retries. */
  private static final int ATTEMPTS = 3;

  @AfterEach
  void clear(LocalMesh mesh, SidelightApi api) {
    mesh.run("fault", "clear");
    for (JsonNode pod : api.pods()) {
      if (pod.has("profile")) {
        api.endProfile(pod.get("profile").asText());
      }
    }
  }

  @Test
  void profile_showsProcessesAndBothSidesOfTheirLines(LocalMesh mesh, SidelightApi api)
      throws Exception {
    String id = start(api, POD, "\"durationSeconds\": 15");
    // At once, whether anything is carried or not.
    await("the probe reports").atMost(Duration.ofSeconds(5)).until(() -> processes(api, id) >= 2);
    assertThat(api.profile(id).get("state").asText()).isEqualTo("running");

    Process traffic = mesh.start("traffic", String.valueOf(REQUESTS / 5), "5");
    await("what is carried is seen while it is")
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> carries(hop(api.profile(id))));
    mesh.runJson("drop", "details-v1");
    traffic.getInputStream().transferTo(System.out);
    assertThat(traffic.waitFor()).isZero();

    await("it ends by itself")
        .atMost(Duration.ofSeconds(20))
        .until(() -> api.profile(id).get("state").asText().equals("ended"));
    JsonNode profile = api.profile(id);
    assertThat(profile.get("reason").asText()).isEqualTo("time");
    assertThat(profile.get("reports").asInt()).isBetween(14, 18);
    for (String omitted :
        List.of("reportsMissing", "connectionsOmitted", "processesOmitted", "intervalsOmitted")) {
      assertThat(profile.get(omitted).asInt()).as(omitted).isZero();
    }
    assertThat(names(profile.get("topology").get("remotes")))
        .contains("istio-ingressgateway", "details-v1", "reviews-v1", "reviews-v2", "reviews-v3");

    // Details and reviews.
    assertThatHopHasTwoSides(hop(profile), 2 * REQUESTS);
    assertThatHopHasTwoSides(line(profile, ENVOY, app(profile), APP_PORT), REQUESTS);
    JsonNode in = side(line(profile, "istio-ingressgateway", ENVOY, INBOUND_PORT), "server");
    assertThat(in.get("reads").get("bytes").asLong()).isGreaterThan(REQUESTS * 100L);
    assertThatDetailsLinkLostOnePacket(profile);
    assertThatCourseAddsUp(api, id, hop(profile));
  }

  /** What one end sends the other reads; both are looked at at the same time. */
  private static void assertThatHopHasTwoSides(JsonNode line, int calls) {
    JsonNode client = side(line, "client");
    JsonNode server = side(line, "server");
    assertThat(line.get("tls").asBoolean()).isFalse();
    assertThat(line.get("protocol").asText()).isEqualTo("http1");
    assertThat(client.get("writes").get("bytes")).isEqualTo(server.get("reads").get("bytes"));
    assertThat(server.get("writes").get("bytes")).isEqualTo(client.get("reads").get("bytes"));
    assertThat(client.get("writes").get("calls").asInt()).isGreaterThanOrEqualTo(calls);
    for (JsonNode side : List.of(client, server)) {
      JsonNode rtt = side.get("rtt");
      assertThat(rtt.get("count").asLong()).isEqualTo(side.get("writes").get("calls").asLong());
      assertThat(rtt.get("p50Seconds").asDouble()).isBetween(0.000_000_5, 0.1);
      assertThat(rtt.get("p95Seconds").asDouble())
          .isGreaterThanOrEqualTo(rtt.get("p50Seconds").asDouble());
      assertThat(side.get("retransmits").asInt()).isZero();
    }
  }

  private static void assertThatDetailsLinkLostOnePacket(JsonNode profile) {
    JsonNode link = line(profile, ENVOY, "details-v1", APP_PORT);
    assertThat(link.get("tls").asBoolean()).isTrue();
    JsonNode client = side(link, "client");
    assertThat(link.get("sides").has("server")).as("its other end is another pod's").isFalse();
    assertThat(client.get("retransmits").asInt()).isBetween(1, 3);
    assertThat(client.get("writes").get("bytes").asLong()).isGreaterThan(REQUESTS * 100L);
    assertThat(side(line(profile, ENVOY, "reviews-v1", APP_PORT), "client").get("retransmits"))
        .isEqualTo(JSON.getNodeFactory().numberNode(0));
  }

  private static void assertThatCourseAddsUp(SidelightApi api, String id, JsonNode line) {
    JsonNode course = api.profile(id + "/lines/" + line.get("id").asText());
    for (String side : List.of("client", "server")) {
      long bytes = 0;
      for (JsonNode interval : course.get(side)) {
        bytes += interval.get("writes").get("bytes").asLong();
      }
      assertThat(bytes).isEqualTo(side(line, side).get("writes").get("bytes").asLong());
      assertThat(course.get(side).size()).isBetween(4, 9);
      assertThat(course.get(side).get(0).get("epochMillis").asLong())
          .isBetween(
              api.profile(id).get("startEpochMillis").asLong() - 1_000, System.currentTimeMillis());
    }
  }

  @Test
  void samples_areSlowAndFailedOnesWithAllowedValuesOnly(LocalMesh mesh, SidelightApi api)
      throws Exception {
    String id =
        start(
            api,
            POD,
            "\"samples\": {\"slowMillis\": 300, \"serverErrors\": true, \"headerValues\":"
                + " [\"user-agent\"]}");
    await("the probe reports").until(() -> processes(api, id) >= 2);
    mesh.run("request", "--request-id", "plain");
    mesh.run("fault", "app-sleep", "details-v1", "400");
    mesh.run("request", "--request-id", "slow");
    mesh.run("fault", "clear");
    mesh.run("stop", "details-v1");
    try {
      assertThat(mesh.start("request", "--request-id", "failed").waitFor())
          .as("it says that it was not served")
          .isEqualTo(1);
    } finally {
      mesh.run("start", "details-v1");
    }
    // The sidecar asks the app, and that details, once; of what failed the gateway asks again.
    int expected = 2 + 2 * ATTEMPTS;
    await("all are told")
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(samples(api, id)).hasSizeGreaterThanOrEqualTo(expected));

    List<JsonNode> samples = samples(api, id);
    for (JsonNode sample : samples) {
      boolean failed = sample.get("requestId").asText().equals("failed");
      assertThat(sample.get("why").asText()).isEqualTo(failed ? "serverError" : "slow");
      assertThat(sample.get("status").asInt()).isEqualTo(failed ? 503 : 200);
      assertThat(sample.get("method").asText()).isEqualTo("GET");
      assertThat(sample.get("path").asText()).startsWith("/").doesNotContain("?");
      if (!failed) {
        assertThat(sample.get("durationNanos").asLong()).isBetween(400_000_000L, 5_000_000_000L);
      }
      for (String headers : List.of("requestHeaders", "responseHeaders")) {
        for (JsonNode header : sample.get(headers)) {
          assertThat(header.has("value"))
              .as("value of %s", header)
              .isEqualTo(header.get("name").asText().equals("user-agent"));
        }
      }
    }
    assertThat(samples)
        .hasSize(expected)
        .extracting(
            sample -> sample.get("requestId").asText(),
            sample -> sample.get("process").asText().replaceAll("[\\d.]", ""),
            sample -> sample.get("role").asText(),
            sample -> sample.get("path").asText())
        .containsOnly(
            tuple("slow", "envoy", "client", "/productpage"),
            tuple("slow", "python", "client", "/details/{id}"),
            tuple("failed", "envoy", "client", "/productpage"),
            tuple("failed", "python", "client", "/details/{id}"));
    assertThat(samples)
        .allSatisfy(
            sample ->
                assertThat(names(sample.get("requestHeaders")))
                    .contains("host", "user-agent", "x-request-id"));
  }

  @Test
  void tasks_areRefusedWhereOneRunsAndBeyondTheProbesCeiling(SidelightApi api) {
    await("the probe has told of its pods").until(() -> api.pods().size() > PROBE_MAX_TASKS);
    List<String> pods = new ArrayList<>();
    api.pods().forEach(pod -> pods.add(pod.get("workload").asText()));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < PROBE_MAX_TASKS; i++) {
      String id = start(api, pods.get(i), "\"durationSeconds\": 60");
      await("it runs").until(() -> api.profile(id).get("state").asText().equals("running"));
      ids.add(id);
    }
    HttpResponse<String> second = api.startProfile(request(api, pods.get(0), ""));
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(read(second).get("profile").asText()).isEqualTo(ids.get(0));

    String beyond = start(api, pods.get(PROBE_MAX_TASKS), "\"durationSeconds\": 60");
    await("the probe refuses")
        .until(() -> api.profile(beyond).get("state").asText().equals("refused"));
    assertThat(api.profile(beyond).get("reason").asText()).isEqualTo("too_many_tasks");

    assertThat(read(api.endProfile(ids.get(0))).get("reason").asText()).isEqualTo("asked");
    await("the probe has ended it")
        .until(() -> api.probeMetric("sidelight_probe_profiles") == PROBE_MAX_TASKS - 1);
    String again = start(api, pods.get(PROBE_MAX_TASKS), "\"durationSeconds\": 60");
    await("it runs").until(() -> api.profile(again).get("state").asText().equals("running"));
  }

  @Test
  void probeThatIsStartedAgain_goesOnWithWhatRemains(LocalMesh mesh, SidelightApi api) {
    String id = start(api, POD, "\"durationSeconds\": 60");
    await("it runs").until(() -> api.profile(id).get("state").asText().equals("running"));
    mesh.run("stop", "probe");
    assertThat(api.pods()).isEmpty();
    int reports = api.profile(id).get("reports").asInt();
    mesh.run("start", "probe");
    await("another probe reports")
        .atMost(Duration.ofSeconds(10))
        .until(() -> api.profile(id).get("reports").asInt() > reports + 1);
    JsonNode profile = api.profile(id);
    assertThat(profile.get("state").asText()).isEqualTo("running");
    assertThat(profile.get("reportsMissing").asInt()).isZero();
    assertThat(profile.get("remainingSeconds").asInt()).isBetween(1, 59);
    assertThat(processes(api, id)).isGreaterThanOrEqualTo(2);
  }

  private static String start(SidelightApi api, String workload, String fields) {
    HttpResponse<String> started = api.startProfile(request(api, workload, fields));
    assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
    return read(started).get("id").asText();
  }

  private static String request(SidelightApi api, String workload, String fields) {
    await("the probe has told of %s".formatted(workload))
        .atMost(Duration.ofSeconds(5))
        .until(() -> name(api, workload).isPresent());
    String pod = name(api, workload).orElseThrow();
    return "{\"pod\": \"" + pod + "\"" + (fields.isEmpty() ? "" : ", " + fields) + "}";
  }

  private static Optional<String> name(SidelightApi api, String workload) {
    return StreamSupport.stream(api.pods().spliterator(), false)
        .filter(pod -> pod.path("workload").asText().equals(workload))
        .map(pod -> pod.get("namespace").asText() + "/" + pod.get("name").asText())
        .findFirst();
  }

  private static JsonNode read(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int processes(SidelightApi api, String id) {
    return api.profile(id).get("topology").get("processes").size();
  }

  /** Of the app: the process that is no Envoy. */
  private static String app(JsonNode profile) {
    for (JsonNode process : profile.get("topology").get("processes")) {
      if (process.get("name").asText().startsWith("python")) {
        assertThat(process.get("pids")).isNotEmpty();
        return process.get("id").asText();
      }
    }
    throw new AssertionError("no python in " + profile.get("topology").get("processes"));
  }

  /** From the app to its sidecar; null where it is not there yet. */
  private static JsonNode hop(JsonNode profile) {
    return line(profile, app(profile), ENVOY, OUTBOUND_PORT);
  }

  private static boolean carries(JsonNode line) {
    return line != null
        && line.get("sides").has("client")
        && line.get("sides").has("server")
        && side(line, "client").get("writes").get("bytes").asLong() > 0
        && side(line, "server").get("reads").get("bytes").asLong() > 0;
  }

  /** Between two nodes, each by its id or by a remote's name. */
  private static JsonNode line(JsonNode profile, String from, String to, int port) {
    for (JsonNode line : profile.get("topology").get("lines")) {
      if (isNode(line.get("from"), from)
          && isNode(line.get("to"), to)
          && line.path("port").asInt() == port) {
        return line;
      }
    }
    return null;
  }

  private static boolean isNode(JsonNode id, String wanted) {
    return id.asText().equals(wanted) || id.asText().endsWith("/" + wanted);
  }

  private static JsonNode side(JsonNode line, String side) {
    assertThat(line).as("a line").isNotNull();
    assertThat(line.get("sides").has(side)).as("%s of %s", side, line).isTrue();
    return line.get("sides").get(side);
  }

  private static List<JsonNode> samples(SidelightApi api, String id) {
    List<JsonNode> samples = new ArrayList<>();
    api.profile(id + "/samples").get("samples").forEach(samples::add);
    return samples;
  }

  private static Set<String> names(JsonNode named) {
    Set<String> names = new TreeSet<>();
    named.forEach(one -> names.add(one.get("name").asText()));
    return names;
  }
}
