/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a graph, and what is refused. */
final class GraphReaderTest {

  private static final String GRAPH =
      """
      {"timestamp": 1, "duration": 60, "graphType": "workload", "elements": {
        "nodes": [{"data": {"id": "a", "nodeType": "workload", "cluster": "c", "namespace": "n",
                            "workload": "w", "app": "p"}},
                  {"data": {"id": "b", "parent": "a", "nodeType": "service", "cluster": "c",
                            "namespace": "n", "healthData": {"deep": [{"er": [1.50, null]}]}}}],
        "edges": [{"data": {"id": "e", "source": "a", "target": "b",
                            "traffic": {"protocol": "http", "rates": {"http": "1.00"}}}}]}}
      """;

  @Test
  void graph_isReadAsFarAsItMatters() throws PassedException {
    GraphDocument graph = read(GRAPH);
    assertThat(graph.timestampEpochSecond()).isEqualTo(1);
    assertThat(graph.durationSeconds()).isEqualTo(60);
    assertThat(graph.nodes())
        .containsExactly(
            new KialiNode("a", null, "workload", "c", "n", "w", "p"),
            new KialiNode("b", "a", "service", "c", "n", null, null));
    assertThat(graph.edges()).containsExactly(new KialiEdge("a", "b", "http"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // a part that is missing, or of another type
        "\"timestamp\": 1,| |UNKNOWN_SCHEMA",
        "\"timestamp\": 1|\"timestamp\": \"1\"|UNKNOWN_SCHEMA",
        "\"timestamp\": 1|\"timestamp\": 1.5|UNKNOWN_SCHEMA",
        "\"timestamp\": 1|\"timestamp\": 123456789012345678901234567890|UNKNOWN_SCHEMA",
        "\"duration\": 60|\"duration\": null|UNKNOWN_SCHEMA",
        "\"graphType\": \"workload\"|\"graphType\": \"mesh\"|UNKNOWN_SCHEMA",
        "\"elements\": {|\"parts\": {|UNKNOWN_SCHEMA",
        "\"nodes\": [|\"nods\": [|UNKNOWN_SCHEMA",
        "\"edges\": [|\"edge\": [|UNKNOWN_SCHEMA",
        "{\"data\": {\"id\": \"a\"|{\"date\": {\"id\": \"a\"|UNKNOWN_SCHEMA",
        "\"id\": \"a\"|\"id\": 1|UNKNOWN_SCHEMA",
        "\"id\": \"a\"|\"id\": null|UNKNOWN_SCHEMA",
        "\"namespace\": \"n\",|\"namespace\": [],|UNKNOWN_SCHEMA",
        "\"workload\": \"w\"|\"workload\": {}|UNKNOWN_SCHEMA",
        "\"nodeType\": \"service\"|\"nodeType\": \"planet\"|UNKNOWN_SCHEMA",
        "\"traffic\": {|\"traffic\": [{|UNKNOWN_SCHEMA",
        "\"protocol\": \"http\"|\"protocol\": 1|UNKNOWN_SCHEMA",
        // what does not hold together
        "\"id\": \"b\"|\"id\": \"a\"|UNKNOWN_SCHEMA",
        "\"parent\": \"a\"|\"parent\": \"z\"|UNKNOWN_SCHEMA",
        "\"target\": \"b\"|\"target\": \"z\"|UNKNOWN_SCHEMA",
        // what a browser would read in another way, or not at all
        "\"timestamp\": 1|\"timestamp\": 1, \"timestamp\": 2|NOT_JSON",
        "\"duration\": 60|\"duration\": 060|NOT_JSON",
        "\"duration\": 60|'duration': 60|NOT_JSON",
        "1.50|NaN|NOT_JSON",
        "1.50|1.50,|NOT_JSON",
        "\"http\": \"1.00\"|\"http\": \"1.00|NOT_JSON"
      })
  void otherSchema_isRefused(String part, String other, Outcome outcome) {
    assertThat(GRAPH).contains(part);
    assertRefused(GRAPH.replaceFirst(Pattern.quote(part), other == null ? "" : other), outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "{}",
        "1",
        "\"graph\"",
        "<html></html>",
        "{\"error\":\"x\"}"
      })
  void noGraphAtAll_isRefused(String text) {
    PassedException refused = catchThrowableOfType(PassedException.class, () -> read(text));
    assertThat(refused.outcome()).isIn(Outcome.NOT_JSON, Outcome.UNKNOWN_SCHEMA);
  }

  @Test
  void whatFollows_isRefused() {
    assertRefused(GRAPH + "{}", Outcome.NOT_JSON);
    assertRefused(GRAPH + "x", Outcome.NOT_JSON);
  }

  @Test
  void everyTruncation_isRefused() {
    byte[] recorded = FakeKiali.recorded("versionedApp-injected-services");
    int end = new String(recorded, StandardCharsets.UTF_8).stripTrailing().length();
    for (int length = 0; length < end; length += 37) {
      byte[] part = Arrays.copyOf(recorded, length);
      assertThat(catchThrowableOfType(PassedException.class, () -> GraphReader.read(part)))
          .as("%d bytes", length)
          .isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
  void otherEncoding_isRefused(String charset) {
    byte[] json = GRAPH.getBytes(Charset.forName(charset));
    assertThat(catchThrowableOfType(PassedException.class, () -> GraphReader.read(json)))
        .isNotNull();
  }

  @Test
  void deepNesting_isRefused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertRefused(GRAPH.replace("1.50", deep), Outcome.NOT_JSON);
  }

  private static void assertRefused(String json, Outcome outcome) {
    PassedException refused = catchThrowableOfType(PassedException.class, () -> read(json));
    assertThat(refused).as(json).isNotNull();
    assertThat(refused.outcome()).as(refused.getMessage()).isEqualTo(outcome);
  }

  private static GraphDocument read(String json) throws PassedException {
    return GraphReader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
