/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegistryTest {
  private static final Workload REVIEWS =
      new Workload("bookinfo", "reviews-v1", "reviews-v1-abc-xyz", "reviews", "v1");

  @TempDir private Path directory;

  @Test
  void pod_isFoundByNamespaceUidAndAddress() throws IOException {
    Map<Integer, Pod> pods =
        Map.of(
            8, new Pod(8, "uid-8", List.of()),
            9, new Pod(9, "", List.of("fd00:0:0:0:0:0:0:9")));
    try (PodDirectory directory = directory(pods)) {
      write(entry("\"netns\": 7"), entry("\"uid\": \"uid-8\""), entry("\"address\": \"fd00::9\""));
      directory.start();
      assertThat(directory.workload(7)).contains(REVIEWS);
      assertThat(directory.workload(8)).contains(REVIEWS);
      assertThat(directory.workload(9)).contains(REVIEWS);
      assertThat(directory.workload("fd00:0:0:0:0:0:0:9")).contains(REVIEWS);
      assertThat(directory.workload(10)).isEmpty();
      assertThat(directory.workload("10.0.0.1")).isEmpty();
      assertThat(directory.namedCount()).isEqualTo(3);
      assertThat(directory.isSynced()).isTrue();
    }
  }

  @Test
  void changedFile_isReadAgain() throws IOException {
    try (PodDirectory directory = directory(Map.of())) {
      write(entry("\"address\": \"10.0.0.1\""));
      directory.start();
      write(entry("\"address\": \"10.0.0.2\""), entry("\"address\": \"10.0.0.3\""));
      directory.refresh();
      assertThat(directory.workload("10.0.0.1")).isEmpty();
      assertThat(directory.workload("10.0.0.2")).contains(REVIEWS);
    }
  }

  @Test
  void missingFile_isNoObstacleAndIsReadOnceThere() throws IOException {
    try (PodDirectory directory = directory(Map.of())) {
      directory.start();
      assertThat(directory.isSynced()).isFalse();
      write(entry("\"netns\": 7"));
      directory.refresh();
      assertThat(directory.workload(7)).contains(REVIEWS);
      assertThat(directory.isSynced()).isTrue();
    }
  }

  @Test
  void unusableFile_changesNothing() throws IOException {
    try (PodDirectory directory = directory(Map.of())) {
      write(entry("\"netns\": 7"));
      directory.start();
      for (String text :
          List.of("", "{", "{}", "[{}]", "[" + entry("\"address\": \"no address\"") + "]")) {
        Files.writeString(file(), text);
        directory.refresh();
        assertThat(directory.isSynced()).as(text).isFalse();
        assertThat(directory.workload(7)).as(text).contains(REVIEWS);
      }
    }
  }

  private PodDirectory directory(Map<Integer, Pod> pods) {
    return new PodDirectory(
        netns -> Optional.ofNullable(pods.get(netns)),
        new RegistrySettings(RegistrySettings.Source.FILE, file(), null, "node-1"));
  }

  private Path file() {
    return directory.resolve("pods.json");
  }

  /** As the local mesh does it: a fresh file renamed into place. */
  private void write(String... entries) throws IOException {
    Path fresh = Files.writeString(directory.resolve("new"), "[" + String.join(",", entries) + "]");
    Files.move(fresh, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static String entry(String identity) {
    return "{"
        + identity
        + ", \"namespace\": \"bookinfo\", \"name\": \"reviews-v1-abc-xyz\","
        + " \"workload\": \"reviews-v1\", \"app\": \"reviews\", \"version\": \"v1\"}";
  }
}
