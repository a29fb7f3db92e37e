/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A controller without a mesh, a process of its own on free ports. */
final class ControllerProcess implements AutoCloseable {

  private static final Path JAR =
      Path.of("..", "..", "mesh-controller", "target", "mesh-controller.jar").toAbsolutePath();

  private final Process process;
  private final SidelightApi api;
  private final int alsPort;

  private ControllerProcess(Process process, SidelightApi api, int alsPort) {
    this.process = process;
    this.api = api;
    this.alsPort = alsPort;
  }

  /** Starts one and waits until it answers. */
  static ControllerProcess start(Path directory) throws IOException {
    List<Integer> ports = LocalMesh.freePorts(4);
    Path log = Files.createTempFile(directory, "controller", ".log");
    Process process =
        new ProcessBuilder(
                "java",
                "-XX:+UseG1GC",
                "-Xmx256m",
                "-jar",
                JAR.toString(),
                "--http.port=" + ports.get(0),
                "--als.port=" + ports.get(1),
                "--hop.port=" + ports.get(2))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    SidelightApi api = new SidelightApi(ports.get(0), ports.get(3));
    await("the controller is ready, else " + log + " says why")
        .atMost(Duration.ofSeconds(30))
        .until(api::isUp);
    return new ControllerProcess(process, api, ports.get(1));
  }

  SidelightApi api() {
    return api;
  }

  int alsPort() {
    return alsPort;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
