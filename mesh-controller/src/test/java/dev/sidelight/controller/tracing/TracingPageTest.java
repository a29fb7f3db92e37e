/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tracing;

import static dev.sidelight.controller.TestCalls.PRODUCTPAGE;
import static dev.sidelight.controller.TestCalls.REVIEWS_V1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Coverage;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.PartialReason;
import dev.sidelight.correlator.TransportFigures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** TRACING.md names every attribute and every setting, and no other. */
class TracingPageTest {

  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (.*)$");
  private static final Pattern SETTING = Pattern.compile("`(otlp\\.\\w+)`");

  @Test
  void page_namesEveryAttribute() throws IOException {
    Set<String> told = new TreeSet<>();
    for (SpanData span : new TraceAssembly().spans(calls())) {
      addKeys(told, span.getAttributes().asMap().keySet());
      addKeys(told, span.getResource().getAttributes().asMap().keySet());
    }
    assertThat(rows()).isEqualTo(told);
  }

  @Test
  void page_namesEverySetting() throws IOException {
    assertThat(settings("TRACING.md")).isEqualTo(settings("SETTINGS.md")).isNotEmpty();
  }

  /** Together they have everything to tell that a call can have. */
  private static List<ChosenCall> calls() {
    TestCalls everyComponent =
        TestCalls.productpageToReviews()
            .answered(503, "UF")
            .covered(Coverage.ALS_ONLY, PartialReason.NO_CLOCK)
            .hopping(new TransportFigures(1, 1, 1, 1, 1))
            .over(new TransportFigures(1, 1, 1, 1, 1));
    for (LatencyComponent component : LatencyComponent.values()) {
      everyComponent.taking(component, 10);
    }
    return Stream.of(
            everyComponent,
            TestCalls.productpageToReviews().answeredByGrpc(0),
            TracedCalls.full(PRODUCTPAGE, REVIEWS_V1))
        .map(TestCalls::call)
        .map(c -> new ChosenCall(c, TraceContext.of(c), ChosenCall.Reason.SLOW))
        .toList();
  }

  private static void addKeys(Set<String> keys, Set<AttributeKey<?>> added) {
    added.forEach(key -> keys.add(key.getKey()));
  }

  private static Set<String> rows() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("TRACING.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.find()) {
        assertThat(rows.add(row.group(1))).as(line).isTrue();
      }
    }
    return rows;
  }

  private static Set<String> settings(String page) throws IOException {
    Set<String> settings = new TreeSet<>();
    Matcher setting = SETTING.matcher(Files.readString(Path.of(page)));
    while (setting.find()) {
      settings.add(setting.group(1));
    }
    return settings;
  }
}
