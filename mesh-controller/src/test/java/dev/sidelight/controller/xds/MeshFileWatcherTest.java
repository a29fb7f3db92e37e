/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshFileWatcherTest {

  @TempDir private Path directory;
  private final List<Mesh> meshes = new CopyOnWriteArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private Path file;
  private MeshFileWatcher watcher;

  @BeforeEach
  void watch() throws IOException {
    file = Files.writeString(directory.resolve("mesh.json"), TestMesh.json(directory, ""));
    watcher = new MeshFileWatcher(file, meshes::add, e -> problems.add(e.getMessage()));
    watcher.start();
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  @Test
  void replacedFile_isReported() throws IOException {
    TestMesh.replace(file, withFault());
    await().until(() -> reportsFault());
    assertThat(problems).isEmpty();
  }

  @Test
  void fileWrittenInPlace_isReportedWithoutAProblem() throws IOException {
    Files.writeString(file, withFault());
    await().until(() -> reportsFault());
    assertThat(problems).isEmpty();
  }

  @Test
  void invalidFile_isReportedOnceAndTheNextValidOneAgain() throws IOException {
    TestMesh.replace(file, "{");
    await().until(() -> problems.size() == 1);
    assertThat(problems).first().asString().contains(file.toString(), "is no JSON");
    TestMesh.replace(file, withFault());
    await().until(() -> reportsFault());
    assertThat(problems).hasSize(1);
  }

  @Test
  void otherFile_isNotRead() throws IOException {
    Files.writeString(directory.resolve("other"), "{");
    TestMesh.replace(file, withFault());
    await().until(() -> reportsFault());
    assertThat(problems).isEmpty();
  }

  private boolean reportsFault() {
    return meshes.stream().anyMatch(m -> m.faults().size() == 1);
  }

  private String withFault() {
    return TestMesh.json(directory, TestMesh.fault("reviews-v1", "bookinfo", "inbound", 20));
  }
}
