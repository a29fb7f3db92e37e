/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One pod, looked at closely for a while. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Has a pod's probe report every process and connection, and prints them at the end; on a"
          + " terminal as they come. Ctrl-C ends the profile before its time."
    })
final class ProfileCommand implements Callable<Integer> {

  @ParentCommand private Sidelight sidelight;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOptions output;

  @Parameters(
      paramLabel = "POD",
      description =
          "NAMESPACE/NAME, NAME, a workload of one pod, or the id that sidelight pods says")
  private String pod;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "2m",
      converter = DurationConverter.class,
      description = "how long; default: ${DEFAULT-VALUE}")
  private Duration duration;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "between two reports; default: ${DEFAULT-VALUE}")
  private Duration interval;

  @Option(
      names = "--slow",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "tells exchanges singly that take so long, like 500ms")
  private Duration slow;

  @Option(
      names = "--errors",
      description = "tells exchanges singly that are answered by 4xx or 5xx")
  private boolean errors;

  @Option(
      names = "--header",
      paramLabel = "NAME",
      description =
          "a header whose value may be told; of all others the names are. May be repeated")
  private List<String> headers = List.of();

  @Override
  public Integer call() {
    Terminal terminal = sidelight.terminal();
    ApiClient client = connection.client(terminal.environment());
    JsonNode found = Pods.find(client.get("/api/v1/pods", Map.of()).path("pods"), pod);
    JsonNode started = client.post("/api/v1/profiles", task(found.path("id").asText()));
    terminal
        .err()
        .println(
            "Profiling "
                + Pods.name(found)
                + " for "
                + Figures.span(duration.toSeconds())
                + ", as "
                + started.path("id").asText()
                + "; Ctrl-C ends it.");
    terminal.err().flush();
    boolean sampling = slow != null || errors;
    return new ProfileRun(terminal, client, output, started.path("id").asText(), sampling).run();
  }

  private ObjectNode task(String podId) {
    ObjectNode task = Documents.mapper().createObjectNode();
    task.put("pod", podId);
    task.put("durationSeconds", duration.toSeconds());
    task.put("intervalMillis", interval.toMillis());
    if (slow != null || errors) {
      ObjectNode samples = task.putObject("samples");
      samples.put("slowMillis", slow == null ? 0 : slow.toMillis());
      samples.put("clientErrors", errors);
      samples.put("serverErrors", errors);
      headers.forEach(samples.putArray("headerValues")::add);
    }
    return task;
  }
}
