/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The control plane of KUBECONFIG and SIDELIGHT_CLUSTER_RUN, as `mesh cluster` handles it. */
final class ControlPlane {

  private static final Path MESH = Path.of("../samples/bookinfo/local/mesh").toAbsolutePath();

  private ControlPlane() {}

  /** Each call of an account that is no part of the control plane, a line of JSON. */
  static Path audit() {
    return Path.of(System.getenv("SIDELIGHT_CLUSTER_RUN"), "logs", "audit.jsonl");
  }

  /** What the command prints. */
  static String mesh(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(MESH.toString(), "cluster"));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as("%s: %s", words, output).isZero();
    return output;
  }
}
