/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.LatencyComponent;
import dev.sidelight.correlator.TransportFigures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prometheus' own tool reads the page: the text format with its linter, OpenMetrics with its
 * parser.
 */
final class PromtoolTest {

  private static final Pattern VALUE = Pattern.compile("^([^#].*?\\}? [^ ]+)( # .*)?$");

  @TempDir private Path directory;

  @Test
  void textFormat_isInOrder() throws Exception {
    // Istio's names are not what promtool would have: milliseconds, for one.
    Page page = page(new MetricsSettings(10, 8, 10, 60_000, true, false));
    assertThat(run(page.text(), "promtool", "check", "metrics")).isEmpty();
  }

  @Test
  void openMetrics_isReadByPrometheus() throws Exception {
    // promtool reads OpenMetrics only as history, which has a time at each sample.
    String withTimes =
        page(Page.ALL)
            .openMetrics()
            .lines()
            .map(line -> VALUE.matcher(line).replaceFirst("$1 1795534430.000$2"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(withTimes).contains(" 1795534430.000 # {request_id=");
    Path file = Files.writeString(directory.resolve("page"), withTimes);
    assertThat(
            run(
                "",
                "promtool",
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                file.toString(),
                directory.resolve("blocks").toString()))
        .contains("BLOCK ULID");
  }

  private static Page page(MetricsSettings settings) {
    Page page = new Page(settings);
    new EdgeWindowMetrics(() -> 1, () -> 1, () -> 1, () -> 1, () -> 1).register(page.registry);
    new ControlPlaneMetrics(() -> 1, () -> 1, () -> 1).register(page.registry);
    LagMetrics lags = new LagMetrics(InstantSource.system()).register(page.registry);
    lags.accessLogEntry(1);
    IngestMetrics ingest = new IngestMetrics(page.registry);
    ingest.alsEntries("accepted", "", 1);
    page.metrics.record(
        TestCalls.productpageToReviews()
            .taking(LatencyComponent.SOURCE_SIDECAR, 60_000)
            .taking(LatencyComponent.DESTINATION_SIDECAR, 60_000)
            .over(new TransportFigures(60_000, 1, 1, 1, 1))
            .withRequestId("say \"hi\" \\ to \u00fc\nme")
            .answered(503, "UF,URX")
            .call());
    page.metrics.record(TestTraffic.toReviews(true));
    page.metrics.record(TestTraffic.toReviews(false));
    return page;
  }

  /** What it wrote; fails where it ends with anything but 0. */
  private String run(String input, String... command) throws IOException, InterruptedException {
    Path in = Files.writeString(directory.resolve("in"), input);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(in.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
