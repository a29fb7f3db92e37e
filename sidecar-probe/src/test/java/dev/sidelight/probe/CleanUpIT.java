/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sidelight.probe.export.CollectingController;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The probe's end leaves nothing in the kernel, and no application notices it. Needs root. */
class CleanUpIT {
  private static final Pattern OBJECT = Pattern.compile("(prog|map|link)_id:\\s*(\\d+)");
  private static final Pattern MAPS = Pattern.compile("\"map_ids\":\\[([0-9,]*)\\]");

  @Test
  void terminatedProbe_leavesNothingAndNoApplicationNotices() throws IOException {
    assertThatNothingIsLeft(ProbeProcess::terminate);
  }

  @Test
  void killedProbe_leavesNothingAndNoApplicationNotices() throws IOException {
    assertThatNothingIsLeft(ProbeProcess::kill);
  }

  private static void assertThatNothingIsLeft(Consumer<ProbeProcess> end) throws IOException {
    try (CollectingController controller = new CollectingController(0);
        ProbedPod pod = new ProbedPod()) {
      pod.server("app", ProbedPod.APP_UID, 9001, "threads", 1);
      pod.sidecar("15006:9001");
      Process client = pod.keepAsking("caller", 15006, "/through");
      // Started, ended, and started again: the second one finds the connection open.
      for (int run = 0; run < 2; run++) {
        Set<String> objects = watchAndEnd(controller, pod, end);
        assertThat(objects)
            .anyMatch(object -> object.startsWith("prog "))
            .anyMatch(object -> object.startsWith("map "))
            .anyMatch(object -> object.startsWith("link "));
        // The kernel frees them after a grace period.
        await().atMost(Capture.SOON).untilAsserted(() -> assertThat(left(objects)).isEmpty());
      }
      // One connection, each request answered, none sent again.
      assertThat(ProbedPod.answersOf(client)).isPositive();
    }
  }

  private static Set<String> watchAndEnd(
      CollectingController controller, ProbedPod pod, Consumer<ProbeProcess> end) {
    try (ProbeProcess probe =
        ProbeProcess.start("exec \"$@\"", "--controller.hopPort=" + controller.port())) {
      long before = count(controller, pod);
      await()
          .atMost(Capture.SOON)
          .untilAsserted(
              () ->
                  assertThat(count(controller, pod))
                      .as(() -> probe.output() + "\n" + probe.metrics())
                      .isGreaterThan(before + 20));
      Set<String> objects = objects(probe.pid());
      assertThat(bpftool("prog", "show")).contains("\"hop_");
      assertThat(bpftool("-f", "prog", "show")).doesNotContain("\"pinned\":[\"");
      assertThat(uprobes()).isEmpty();
      end.accept(probe);
      return objects;
    }
  }

  private static long count(CollectingController controller, ProbedPod pod) {
    return controller
        .exchanges()
        .filter(hop -> hop.getNetns() == pod.netns() && hop.hasInitiator() && hop.hasAcceptor())
        .count();
  }

  /** What a process holds of BPF, by its descriptors, and what its programs hold in turn. */
  private static Set<String> objects(long pid) {
    Set<String> objects = new LinkedHashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fdinfo"))) {
      for (Path descriptor : descriptors.toList()) {
        Matcher matcher = OBJECT.matcher(told(descriptor));
        while (matcher.find()) {
          objects.add(matcher.group(1) + " " + matcher.group(2));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String program : objects.stream().filter(name -> name.startsWith("prog ")).toList()) {
      Matcher maps = MAPS.matcher(bpftool("prog", "show", "id", program.substring(5)));
      if (maps.find()) {
        Stream.of(maps.group(1).split(",", -1)).forEach(id -> objects.add("map " + id));
      }
    }
    return objects;
  }

  private static String told(Path descriptor) throws IOException {
    try {
      return Files.readString(descriptor);
    } catch (NoSuchFileException e) {
      return ""; // closed since it was listed: a file that the probe read
    }
  }

  private static List<String> left(Set<String> objects) {
    return objects.stream()
        .filter(
            object -> {
              String[] kindAndId = object.split(" ", -1);
              return !bpftool(kindAndId[0], "show", "id", kindAndId[1]).contains("\"error\"");
            })
        .toList();
  }

  /** Those made through tracefs: they would outlive their maker. */
  private static List<String> uprobes() {
    Path file = Path.of("/sys/kernel/tracing/uprobe_events");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String bpftool(String... arguments) {
    try {
      Process process =
          new ProcessBuilder(
                  Stream.concat(Stream.of("bpftool", "-j"), Stream.of(arguments)).toList())
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
