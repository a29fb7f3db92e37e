/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidelight.controller.profile.TaskRequest.Sampling;
import dev.sidelight.hop.v1.PodTask;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskRequestReaderTest {

  private final TaskRequestReader reader = new TaskRequestReader(900);

  @Test
  void podAlone_hasTheDefaults() throws Exception {
    assertThat(read("{\"pod\":\"node-1/42\"}"))
        .isEqualTo(new TaskRequest("node-1/42", 120, 1000, null));
    assertThat(
            new TaskRequestReader(60).read("{\"pod\":\"a/b\"}".getBytes(UTF_8)).durationSeconds())
        .isEqualTo(60);
  }

  @Test
  void everyField_reachesTheProbe() throws Exception {
    TaskRequest request =
        read(
            """
            {"pod": "bookinfo/productpage", "durationSeconds": 30, "intervalMillis": 500,
             "samples": {"slowMillis": 250, "clientErrors": true, "serverErrors": true,
                         "headerValues": ["User-Agent", "x-request-id", "user-agent"]}}
            """);
    assertThat(request.sampling())
        .isEqualTo(new Sampling(250, true, true, List.of("user-agent", "x-request-id")));
    PodTask task = request.toTask("t-1", 42, 17);
    assertThat(task.getTaskId()).isEqualTo("t-1");
    assertThat(task.getNetns()).isEqualTo(42);
    assertThat(task.getDurationSeconds()).isEqualTo(17);
    assertThat(task.getIntervalMillis()).isEqualTo(500);
    assertThat(task.getSampling().getSlowNanos()).isEqualTo(250_000_000);
    assertThat(task.getSampling().getClientErrors()).isTrue();
    assertThat(task.getSampling().getServerErrors()).isTrue();
    assertThat(task.getSampling().getHeaderValuesList())
        .containsExactly("user-agent", "x-request-id");
    assertThat(read("{\"pod\":\"a/b\",\"samples\":null}").toTask("t", 1, 1).hasSampling())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | pod",
        "{\"pod\": 7} | pod",
        "{\"pod\": \"\"} | pod",
        "{\"pod\": \"a/b\", \"durationSeconds\": 0} | durationSeconds",
        "{\"pod\": \"a/b\", \"durationSeconds\": 901} | durationSeconds",
        "{\"pod\": \"a/b\", \"durationSeconds\": 4294967297} | durationSeconds",
        "{\"pod\": \"a/b\", \"durationSeconds\": 1.5} | durationSeconds",
        "{\"pod\": \"a/b\", \"durationSeconds\": \"60\"} | durationSeconds",
        "{\"pod\": \"a/b\", \"intervalMillis\": 199} | intervalMillis",
        "{\"pod\": \"a/b\", \"intervalMillis\": 60001} | intervalMillis",
        "{\"pod\": \"a/b\", \"interval\": 1000} | interval",
        "{\"pod\": \"a/b\", \"samples\": true} | samples",
        "{\"pod\": \"a/b\", \"samples\": {\"slow\": 1}} | samples.slow",
        "{\"pod\": \"a/b\", \"samples\": {\"slowMillis\": -1}} | slowMillis",
        "{\"pod\": \"a/b\", \"samples\": {\"clientErrors\": 1}} | clientErrors",
        "{\"pod\": \"a/b\", \"samples\": {\"headerValues\": \"via\"}} | samples.headerValues",
        "{\"pod\": \"a/b\", \"samples\": {\"headerValues\": [\"a b\"]}} | samples.headerValues",
        "{\"pod\": \"a/b\", \"samples\": {\"headerValues\": [1]}} | samples.headerValues",
        "{\"pod\": \"a/b\", \"samples\": {\"headerValues\": [\"Cookie\"]}} | samples.headerValues",
        "{\"pod\": \"a/b\", \"samples\": {\"headerValues\": [\"AUTHORIZATION\"]}} |"
            + " samples.headerValues",
        "[] | ``",
        "7 | ``",
        "{ | ``",
        "{\"pod\": \"a/b\"} x | ``",
        "{\"pod\": \"a/b\", \"pod\": \"c/d\"} | ``",
      })
  void whatIsNoTask_isNamed(String json, String parameter) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.parameter()).isEqualTo(parameter));
  }

  @Test
  void nothingAtAll_isNoTask() {
    assertThatThrownBy(() -> reader.read(new byte[0])).isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> reader.read(new byte[] {0, -1, 7}))
        .isInstanceOf(BadRequestException.class);
  }

  private TaskRequest read(String json) throws BadRequestException {
    return reader.read(json.getBytes(UTF_8));
  }
}
