/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import static dev.sidelight.controller.profile.TestReports.NETNS;
import static dev.sidelight.controller.profile.TestReports.app;
import static dev.sidelight.controller.profile.TestReports.empty;
import static dev.sidelight.controller.profile.TestReports.inventory;
import static dev.sidelight.controller.profile.TestReports.otherInventory;
import static dev.sidelight.controller.profile.TestReports.report;
import static dev.sidelight.controller.profile.TestReports.sample;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sidelight.controller.FakeClock;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProfilesTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PRODUCTPAGE = "{\"pod\":\"bookinfo/productpage-v1-1\"}";

  private final RecordingEvents events = new RecordingEvents();
  private final FakeClock clock = new FakeClock(2_000);
  private final List<HopControl> sent = new ArrayList<>();
  private final Consumer<HopControl> stream = sent::add;
  private long nowNanos;
  private Profiles profiles = withBounds(2, 3, 100, 1 << 20);

  @BeforeEach
  void connect() {
    profiles.connected("node-1", stream);
    profiles.inventory("node-1", stream, inventory());
  }

  @Test
  void pods_areThoseOfTheProbesThatAreThere() throws Exception {
    Consumer<HopControl> other = control -> {};
    profiles.connected("node-2", other);
    profiles.inventory("node-2", other, otherInventory());
    JsonNode pods = json(profiles.pods(), 200).get("pods");
    assertThat(pods).hasSize(3);
    assertThat(pods.get(0).toString())
        .isEqualTo("{\"id\":\"node-1/43\",\"node\":\"node-1\",\"addresses\":[\"10.77.0.15\"]}");
    assertThat(pods.get(1).toString())
        .isEqualTo(
            "{\"id\":\"node-1/42\",\"node\":\"node-1\",\"name\":\"productpage-v1-1\",\"namespace\":\"bookinfo\","
                + "\"workload\":\"productpage-v1\",\"app\":\"productpage\",\"version\":\"v1\","
                + "\"addresses\":[\"10.77.0.13\",\"10.77.0.14\"]}");
    profiles.disconnected("node-1", stream);
    assertThat(json(profiles.pods(), 200).get("pods")).hasSize(1);
    assertThat(profiles.podCount()).isEqualTo(1);
  }

  @Test
  void task_isSentAndRunsOnceReported() throws Exception {
    JsonNode started = json(profiles.start(PRODUCTPAGE.getBytes(UTF_8)), 201);
    String id = started.get("id").asText();
    assertThat(started.get("state").asText()).isEqualTo("pending");
    assertThat(started.get("remainingSeconds").asInt()).isEqualTo(120);
    assertThat(started.get("startEpochMillis").asLong()).isEqualTo(2_000_000);
    assertThat(started.has("endEpochMillis")).isFalse();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getTask().getTaskId()).isEqualTo(id);
    assertThat(sent.get(0).getTask().getNetns()).isEqualTo(NETNS);
    assertThat(json(profiles.pods(), 200).get("pods").get(1).get("profile").asText()).isEqualTo(id);

    tell(report(id, 1));
    advance(7);
    JsonNode running = profile(id);
    assertThat(running.get("state").asText()).isEqualTo("running");
    assertThat(running.get("remainingSeconds").asInt()).isEqualTo(113);
    assertThat(running.get("reports").asInt()).isEqualTo(1);
    assertThat(profiles.countByState().toString())
        .isEqualTo("{ended=0, pending=0, refused=0, running=1}");
  }

  @Test
  void topology_isTold() throws Exception {
    Consumer<HopControl> other = control -> {};
    profiles.connected("node-2", other);
    profiles.inventory("node-2", other, otherInventory());
    String id = start();
    tell(report(id, 1));
    tell(report(id, 2));
    JsonNode topology = profile(id).get("topology");
    assertThat(topology.get("processes").toString())
        .isEqualTo(
            "[{\"id\":\"process:envoy\",\"name\":\"envoy\",\"pids\":[8],\"listeningPorts\":[15001]},"
                + "{\"id\":\"process:python3\",\"name\":\"python3\",\"pids\":[7],\"listeningPorts\":[9080]}]");
    assertThat(topology.get("remotes").toString())
        .isEqualTo(
            "[{\"id\":\"workload:bookinfo/reviews-v1\",\"name\":\"reviews-v1\","
                + "\"kind\":\"workload\",\"namespace\":\"bookinfo\"}]");
    assertThat(topology.get("lines")).hasSize(2);
    JsonNode hop = topology.get("lines").get(0);
    assertThat(hop.get("from").asText()).isEqualTo("process:python3");
    assertThat(hop.get("to").asText()).isEqualTo("process:envoy");
    assertThat(hop.get("port").asInt()).isEqualTo(15001);
    assertThat(hop.get("sides").get("client").toString())
        .isEqualTo(
            "{\"writes\":{\"calls\":4,\"bytes\":600,\"meanSeconds\":2.0E-6,"
                + "\"p50Seconds\":1.536E-6,\"p95Seconds\":1.997E-6},"
                + "\"reads\":{\"calls\":4,\"bytes\":10000,\"meanSeconds\":2.0E-6,"
                + "\"p50Seconds\":1.536E-6,\"p95Seconds\":1.997E-6},"
                + "\"rtt\":{\"count\":4,\"meanSeconds\":1.5E-6,"
                + "\"p50Seconds\":1.5E-6,\"p95Seconds\":1.95E-6},\"retransmits\":0}");
    JsonNode link = topology.get("lines").get(1).get("sides");
    assertThat(link.has("server")).isFalse();
    assertThat(link.get("client").get("retransmits").asInt()).isEqualTo(6);
    assertThat(link.get("client").get("drops").toString()).isEqualTo("{\"NO_SOCKET\":4}");
  }

  @Test
  void line_isToldByInterval() throws Exception {
    String id = start();
    // By the node's clock, not by ours.
    profiles.clock("node-1", 5_000 * TestReports.SECOND);
    tell(report(id, 1));
    tell(empty(id, 2));
    tell(report(id, 3));
    String line = profile(id).get("topology").get("lines").get(0).get("id").asText();
    JsonNode course = json(profiles.line(id, line), 200);
    assertThat(course.get("from").asText()).isEqualTo("process:python3");
    assertThat(course.get("intervalMillis").asInt()).isEqualTo(1000);
    for (String side : new String[] {"client", "server"}) {
      assertThat(course.get(side)).hasSize(2);
      assertThat(course.get(side).get(0).get("epochMillis").asLong()).isEqualTo(6_000_000);
      assertThat(course.get(side).get(1).get("epochMillis").asLong()).isEqualTo(6_002_000);
      assertThat(course.get(side).get(1).get("durationMillis").asLong()).isEqualTo(1_000);
      assertThat(course.get(side).get(1).get("writes").get("calls").asInt()).isEqualTo(2);
    }
    json(profiles.line(id, "no-such-line"), 404);
    json(profiles.line("no-such-profile", line), 404);
  }

  @Test
  void clockThatIsNotKnown_isOurs() throws Exception {
    String id = start();
    tell(report(id, 1));
    String line = profile(id).get("topology").get("lines").get(0).get("id").asText();
    assertThat(json(profiles.line(id, line), 200).get("client").get(0).get("epochMillis").asLong())
        .isEqualTo(1_999_000);
  }

  @Test
  void samples_haveTheValuesThatWereAskedForAlone() throws Exception {
    String id =
        start(
            "{\"pod\":\"node-1/42\",\"samples\":{\"serverErrors\":true,\"headerValues\":[\"user-agent\"]}}");
    profiles.clock("node-1", 5_000 * TestReports.SECOND);
    for (int i = 1; i <= 4; i++) {
      tell(empty(id, i).addSamples(sample("r-" + i)).setSamplesOmitted(10));
    }
    JsonNode samples = json(profiles.samples(id), 200).get("samples");
    // No more than three are kept.
    assertThat(samples).hasSize(3);
    assertThat(samples.get(0).toString())
        .isEqualTo(
            "{\"why\":\"serverError\",\"epochMillis\":6001000,\"durationNanos\":700000000,\"process\":\"envoy\","
                + "\"role\":\"server\",\"protocol\":\"http1\",\"method\":\"GET\",\"path\":\"/reviews/{id}\","
                + "\"status\":503,\"requestId\":\"r-4\","
                + "\"requestHeaders\":[{\"name\":\"user-agent\",\"value\":\"curl/8\"},{\"name\":\"cookie\"}],"
                + "\"responseHeaders\":[{\"name\":\"server\"}],\"headersTruncated\":false}");
    assertThat(profile(id).get("samplesOmitted").asInt()).isEqualTo(41);
    assertThat(profile(id).get("samples").get("serverErrors").asBoolean()).isTrue();
    assertThat(events.omitted("header_value")).isEqualTo(4);
    assertThat(events.omitted("kept_sample")).isEqualTo(1);
    assertThat(events.omitted("sample")).isEqualTo(40);
  }

  @Test
  void secondTask_isRefusedWithTheFirstOnesId() throws Exception {
    String id = start();
    JsonNode refused = json(profiles.start("{\"pod\":\"node-1/42\"}".getBytes(UTF_8)), 409);
    assertThat(refused.get("profile").asText()).isEqualTo(id);
    assertThat(sent).hasSize(1);
    tell(empty(id, 1).setState(ProfileState.ENDED).setReason("time"));
    start();
  }

  @Test
  void whatCannotStart_saysWhy() throws Exception {
    json(profiles.start("{\"pod\":\"bookinfo/ratings\"}".getBytes(UTF_8)), 404);
    assertThat(json(profiles.start("{}".getBytes(UTF_8)), 400).get("parameter").asText())
        .isEqualTo("pod");
    assertThat(json(profiles.start("{".getBytes(UTF_8)), 400).has("parameter")).isFalse();
    start("{\"pod\":\"node-1/43\"}");
    start();
    Consumer<HopControl> other = control -> {};
    profiles.connected("node-2", other);
    profiles.inventory("node-2", other, otherInventory());
    json(profiles.start("{\"pod\":\"node-2/42\"}".getBytes(UTF_8)), 429);
    profiles.disconnected("node-2", other);
    assertThat(
            json(profiles.start("{\"pod\":\"node-2/42\"}".getBytes(UTF_8)), 503)
                .get("error")
                .asText())
        .contains("node-2");
    profiles.disconnected("node-1", stream);
    json(profiles.start("{\"pod\":\"nobody/knows\"}".getBytes(UTF_8)), 503);
    assertThat(events.requests)
        .containsExactly(
            "refused unknown_pod",
            "refused bad_request",
            "refused bad_request",
            "started ",
            "started ",
            "refused too_many_tasks",
            "refused no_probe",
            "refused no_probe");
  }

  @Test
  void probeThatRefuses_isBelieved() throws Exception {
    String id = start();
    tell(
        ProfileReport.newBuilder()
            .setTaskId(id)
            .setState(ProfileState.REFUSED)
            .setReason("too_many_tasks"));
    JsonNode refused = profile(id);
    assertThat(refused.get("state").asText()).isEqualTo("refused");
    assertThat(refused.get("reason").asText()).isEqualTo("too_many_tasks");
    assertThat(refused.get("endEpochMillis").asLong()).isEqualTo(2_000_000);
    assertThat(refused.has("remainingSeconds")).isFalse();
    assertThat(events.ended).containsExactly("too_many_tasks");
    start();
  }

  @Test
  void reasonThatNobodyKnows_isOther() throws Exception {
    String id = start();
    tell(empty(id, 1).setState(ProfileState.ENDED).setReason("because"));
    assertThat(profile(id).get("reason").asText()).isEqualTo("other");
  }

  @Test
  void probeThatComesBack_isSentTheTaskWithWhatRemains() throws Exception {
    String id = start();
    tell(report(id, 1));
    profiles.disconnected("node-1", stream);
    advance(30);
    assertThat(profile(id).get("state").asText()).isEqualTo("running");

    List<HopControl> again = new ArrayList<>();
    Consumer<HopControl> newStream = again::add;
    profiles.connected("node-1", newStream);
    // Not before it has told of its pods, which it may not know yet.
    assertThat(again).isEmpty();
    profiles.inventory("node-1", newStream, PodInventory.getDefaultInstance());
    assertThat(again).isEmpty();
    profiles.inventory("node-1", newStream, inventory());
    profiles.inventory("node-1", newStream, inventory());
    assertThat(again).hasSize(1);
    assertThat(again.get(0).getTask().getTaskId()).isEqualTo(id);
    assertThat(again.get(0).getTask().getDurationSeconds()).isEqualTo(90);
    assertThat(sent).hasSize(1);
  }

  @Test
  void streamThatWasReplaced_hasNothingToSay() throws Exception {
    Consumer<HopControl> newStream = control -> {};
    profiles.connected("node-1", newStream);
    profiles.inventory("node-1", newStream, inventory());
    profiles.inventory("node-1", stream, PodInventory.getDefaultInstance());
    profiles.disconnected("node-1", stream);
    assertThat(json(profiles.pods(), 200).get("pods")).hasSize(2);
  }

  @Test
  void missingReports_areCounted() throws Exception {
    String id = start();
    tell(report(id, 3));
    tell(report(id, 3));
    tell(report(id, 5));
    assertThat(profile(id).get("reportsMissing").asInt()).isEqualTo(3);
    assertThat(profile(id).get("reports").asInt()).isEqualTo(2);
    assertThat(events.refused).containsExactly("repeated");
    assertThat(events.missing).isEqualTo(3);
    // A probe that has restarted counts from 1.
    profiles.report("node-1", "instance-2", report(id, 1).build());
    assertThat(profile(id).get("reportsMissing").asInt()).isEqualTo(3);
    assertThat(profile(id).get("reports").asInt()).isEqualTo(3);
  }

  @Test
  void reportThatCannotBe_isMissing() throws Exception {
    String id = start();
    tell(empty(id, 1).addConnections(app().setRetransmits(-1)));
    tell(empty(id, 2).setMonotonicNanos(-1));
    tell(empty(id, 3).setState(ProfileState.PROFILE_STATE_UNSPECIFIED));
    assertThat(events.refused).containsExactly("impossible_count", "impossible_time", "no_state");
    assertThat(profile(id).get("reports").asInt()).isZero();
    assertThat(profile(id).get("reportsMissing").asInt()).isEqualTo(2);
  }

  @Test
  void delete_endsItAndTakesItsLastReport() throws Exception {
    String id = start();
    tell(report(id, 1));
    JsonNode ended = json(profiles.end(id), 200);
    assertThat(ended.get("state").asText()).isEqualTo("ended");
    assertThat(ended.get("reason").asText()).isEqualTo("asked");
    assertThat(sent.get(1).getEndTaskId()).isEqualTo(id);
    tell(report(id, 2).setState(ProfileState.ENDED).setReason("asked"));
    assertThat(profile(id).get("reports").asInt()).isEqualTo(2);
    json(profiles.end(id), 200);
    assertThat(sent).hasSize(2);
    assertThat(events.ended).containsExactly("asked");
    json(profiles.end("no-such-profile"), 404);
  }

  @Test
  void probeThatGoesOn_isTold() throws Exception {
    String id = start();
    json(profiles.end(id), 200);
    tell(report(id, 1));
    tell(report("of-another-controller", 1));
    // One that has ended needs no word.
    tell(report("ended-before", 1).setState(ProfileState.ENDED));
    assertThat(sent.stream().map(HopControl::getEndTaskId))
        .containsExactly("", id, id, "of-another-controller");
    assertThat(events.refused).containsExactly("ended", "unknown_task", "unknown_task");
  }

  @Test
  void taskOfAnotherNode_isNotTheirs() throws Exception {
    String id = start();
    profiles.report("node-2", "i", report(id, 1).build());
    assertThat(events.refused).containsExactly("unknown_task");
    assertThat(profile(id).get("state").asText()).isEqualTo("pending");
  }

  @Test
  void taskWhoseProbeSaysNothing_endsByItsTime() throws Exception {
    String silent = start("{\"pod\":\"node-1/42\",\"durationSeconds\":10}");
    String told = start("{\"pod\":\"node-1/43\",\"durationSeconds\":10}");
    tell(report(told, 1));
    advance(13);
    assertThat(profile(silent).get("state").asText()).isEqualTo("pending");
    assertThat(profile(silent).get("remainingSeconds").asInt()).isZero();
    advance(2);
    assertThat(profile(silent).get("reason").asText()).isEqualTo("silent");
    assertThat(profile(told).get("reason").asText()).isEqualTo("time");

    String gone = start("{\"pod\":\"node-1/43\",\"durationSeconds\":10}");
    String away = start("{\"pod\":\"node-1/42\",\"durationSeconds\":10}");
    profiles.inventory("node-1", stream, inventory().toBuilder().removePods(1).build());
    advance(15);
    assertThat(profile(gone).get("reason").asText()).isEqualTo("pod_gone");
    assertThat(profile(away).get("reason").asText()).isEqualTo("silent");
    String last = start();
    profiles.disconnected("node-1", stream);
    advance(130);
    assertThat(profile(last).get("reason").asText()).isEqualTo("probe_gone");
  }

  @Test
  void endedProfiles_areKeptForAWhile() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(start());
      json(profiles.end(ids.get(i)), 200);
      advance(1);
    }
    // Three are.
    json(profiles.profile(ids.get(1)), 404);
    profile(ids.get(2));
    assertThat(events.omitted("profile")).isEqualTo(2);
    JsonNode all = json(profiles.profiles(), 200).get("profiles");
    assertThat(all).hasSize(3);
    assertThat(all.get(0).get("id").asText()).isEqualTo(ids.get(4));
    advance(58);
    json(profiles.profile(ids.get(2)), 404);
    profile(ids.get(4));
    advance(3);
    assertThat(json(profiles.profiles(), 200).get("profiles")).isEmpty();
  }

  @Test
  void intervals_areBounded() throws Exception {
    String id = start();
    for (int i = 1; i <= 130; i++) {
      tell(report(id, i));
    }
    JsonNode profile = profile(id);
    assertThat(profile.get("intervalsOmitted").asInt()).isEqualTo(30);
    JsonNode hop = profile.get("topology").get("lines").get(0);
    assertThat(hop.get("sides").get("client").get("writes").get("calls").asInt()).isEqualTo(260);
    assertThat(json(profiles.line(id, hop.get("id").asText()), 200).get("client")).hasSize(100);
  }

  @Test
  void memory_isBounded() throws Exception {
    profiles = withBounds(2, 3, 100_000, 200_000);
    connect();
    String ended = start("{\"pod\":\"node-1/43\"}");
    tell(report(ended, 1));
    json(profiles.end(ended), 200);
    String id = start();
    for (int i = 1; i <= 1_000; i++) {
      tell(report(id, i));
      assertThat(profiles.bytes()).isLessThanOrEqualTo(200_000);
    }
    json(profiles.profile(ended), 404);
    assertThat(events.omitted("profile")).isEqualTo(1);
    JsonNode profile = profile(id);
    assertThat(profile.get("intervalsOmitted").asInt()).isBetween(500, 950);
    assertThat(
            profile
                .get("topology")
                .get("lines")
                .get(0)
                .get("sides")
                .get("client")
                .get("writes")
                .get("calls")
                .asInt())
        .isEqualTo(2_000);
  }

  @Test
  void dropsWithoutAConnection_areThePods() throws Exception {
    String id = start();
    tell(empty(id, 1).putUnconnectedDrops("NO_SOCKET", 2).setProcessesOmitted(1));
    tell(empty(id, 2).putUnconnectedDrops("NO_SOCKET", 3));
    assertThat(profile(id).get("unconnectedDrops").toString()).isEqualTo("{\"NO_SOCKET\":5}");
    assertThat(profile(id).get("processesOmitted").asInt()).isEqualTo(1);
  }

  private Profiles withBounds(int maxTasks, int maxKept, int maxIntervals, long maxBytes) {
    return new Profiles(
        new ProfileSettings(maxTasks, 900, maxKept, 60, maxIntervals, 50, maxKept, maxBytes),
        events,
        clock,
        () -> nowNanos);
  }

  private void advance(int seconds) {
    nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    clock.advanceSeconds(seconds);
  }

  private void tell(ProfileReport.Builder report) {
    profiles.report("node-1", "instance-1", report.build());
  }

  private String start() throws IOException {
    return start(PRODUCTPAGE);
  }

  private String start(String request) throws IOException {
    return json(profiles.start(request.getBytes(UTF_8)), 201).get("id").asText();
  }

  private JsonNode profile(String id) throws IOException {
    return json(profiles.profile(id), 200);
  }

  private static JsonNode json(ProfileAnswer answer, int statusCode) throws IOException {
    assertThat(answer.statusCode()).as(new String(answer.json(), UTF_8)).isEqualTo(statusCode);
    return MAPPER.readTree(answer.json());
  }
}
