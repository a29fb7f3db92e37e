/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshControlPlaneTest {

  @TempDir private Path directory;

  @Test
  void badFile_stopsTheStart() throws IOException {
    Path file = Files.writeString(directory.resolve("mesh.json"), "{}");
    try (MeshControlPlane controlPlane = new MeshControlPlane(file)) {
      assertThatIllegalArgumentException()
          .isThrownBy(controlPlane::start)
          .withMessage("mesh file " + file + ": $.trustDomain is missing: add it");
    }
  }

  @Test
  void namespaces_areThoseOfTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("mesh.json"), TestMesh.json(directory, ""));
    try (MeshControlPlane controlPlane = new MeshControlPlane(file)) {
      assertThat(controlPlane.namespaces()).isEmpty();
      controlPlane.start();
      assertThat(controlPlane.namespaces()).containsExactlyInAnyOrder("bookinfo", "istio-system");
    }
  }

  @Test
  void fileThatBecomesInvalid_isCounted() throws IOException {
    Path file = Files.writeString(directory.resolve("mesh.json"), TestMesh.json(directory, ""));
    try (MeshControlPlane controlPlane = new MeshControlPlane(file)) {
      controlPlane.start();
      assertThat(controlPlane.services()).hasSize(1);
      TestMesh.replace(file, "{");
      await().until(() -> controlPlane.invalidMeshFiles() == 1);
    }
  }
}
