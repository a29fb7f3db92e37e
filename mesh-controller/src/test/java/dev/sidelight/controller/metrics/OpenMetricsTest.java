/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.LatencyComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Exemplars, and what OpenMetrics asks beyond the text format. */
final class OpenMetricsTest {

  private final Page page = new Page(Page.ALL);

  @Test
  void exemplar_isTheLastRequestOfItsBucket() {
    page.metrics.record(taking(60_000).withRequestId("first").call());
    page.clock.advanceSeconds(1);
    page.metrics.record(taking(70_000).withRequestId("second").call());
    page.metrics.record(taking(7_000_000).withRequestId("slow").call());
    assertThat(bucket("0.0001")).endsWith(" 2.0 # {request_id=\"second\"} 7.0E-5 1795534423.000");
    assertThat(bucket("0.00025")).endsWith(" 2.0");
    assertThat(bucket("0.01")).endsWith(" 3.0 # {request_id=\"slow\"} 0.007 1795534423.000");
  }

  @Test
  void exemplar_isAtMost128Characters() {
    page.metrics.record(taking(60_000).withRequestId("i".repeat(118)).call());
    assertThat(bucket("0.0001")).contains("request_id=\"" + "i".repeat(118) + "\"");
    page.metrics.record(taking(60_000).withRequestId("j".repeat(119)).call());
    page.metrics.record(taking(60_000).withRequestId("").call());
    assertThat(bucket("0.0001")).contains(" 3.0 # {request_id=\"iii");
  }

  @Test
  void exemplars_areNotInTheTextFormat() {
    page.metrics.record(taking(60_000).call());
    assertThat(page.text()).doesNotContain("request_id", "# {", "# EOF");
  }

  @Test
  void page_isInTheOrderThatOpenMetricsAsks() {
    page.metrics.record(taking(60_000).by("grpc").withRequestId("a\"\\\n").call());
    page.metrics.record(TestTraffic.toReviews(false));
    String text = page.openMetrics();
    assertThat(text).endsWith("\n# EOF\n").doesNotContain("\n\n", "_created");
    Set<String> families = new HashSet<>();
    Set<String> series = new HashSet<>();
    String family = "";
    String type = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        family = line.split(" ", -1)[2];
        type = line.split(" ", -1)[3];
        assertThat(families.add(family)).as("once: %s", line).isTrue();
      } else if (!line.startsWith("#")) {
        String key = line.substring(0, line.indexOf(' ', line.indexOf("\"} ") + 1));
        assertThat(series.add(key)).as("once: %s", line).isTrue();
        assertThat(suffixes(type))
            .as(line)
            .contains(key.replaceFirst("[{].*", "").substring(family.length()));
      }
    }
    assertThat(families).hasSizeGreaterThan(20);
  }

  private static List<String> suffixes(String type) {
    return switch (type) {
      case "counter" -> List.of("_total");
      case "histogram" -> List.of("_bucket", "_count", "_sum");
      default -> List.of("");
    };
  }

  private String bucket(String bound) {
    return page.openMetrics()
        .lines()
        .filter(line -> line.startsWith("sidelight_edge_duration_seconds_bucket"))
        .filter(line -> line.contains("part=\"total\"") && line.contains("le=\"" + bound + "\""))
        .findFirst()
        .orElseThrow();
  }

  private static TestCalls taking(long nanos) {
    return TestCalls.productpageToReviews().taking(LatencyComponent.DESTINATION_SIDECAR, nanos);
  }
}
