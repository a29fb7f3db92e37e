/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Requests to bookinfo for as long as a test class runs. */
final class Traffic implements AutoCloseable {

  private static final int REQUESTS_PER_SECOND = 30;
  private static final int LONGEST_SECONDS = 900;

  private final Process process;

  private Traffic(Process process) {
    this.process = process;
  }

  /** Begins, and waits until every edge of bookinfo has calls. */
  static Traffic start(LocalMesh mesh, SidelightApi api) {
    Traffic traffic =
        new Traffic(
            mesh.start(
                "traffic", "" + REQUESTS_PER_SECOND, "" + LONGEST_SECONDS, "--allow-errors"));
    await("every edge has calls")
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.edges(5).size() > Bookinfo.EDGES.size());
    return traffic;
  }

  /** Waits until it has gone on for that long, at most 200 s. */
  void awaitSeconds(SidelightApi api, int seconds) {
    await("calls of " + seconds + " s")
        .atMost(Duration.ofSeconds(2L * seconds))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                api.edges(300).findValues("requests").stream()
                    .anyMatch(requests -> requests.asInt() > seconds * REQUESTS_PER_SECOND));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
