/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static dev.sidelight.bookinfo.PageElements.EDGE_PANEL;
import static dev.sidelight.bookinfo.PageElements.EDGE_ROW;
import static dev.sidelight.bookinfo.PageElements.POD_ROW;
import static dev.sidelight.bookinfo.PageElements.PROFILE_START;
import static dev.sidelight.bookinfo.PageElements.PROFILE_STATE;
import static dev.sidelight.bookinfo.PageElements.SLOW_CALL;
import static dev.sidelight.bookinfo.PageElements.WATERFALL;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * No test: {@code make screenshots} has it write the README's pictures, from the local mesh under
 * traffic.
 */
@ExtendWith(LocalMesh.class)
class ReadmeScreenshots {

  private static final Path PICTURES = Path.of("screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void take(LocalMesh mesh, SidelightApi api) throws IOException {
    try (Traffic traffic = Traffic.start(mesh, api);
        Browser browser = new Browser(api.controllerPort(), directory.resolve("netlog.json"))) {
      // By then the apps are warm, and their first calls have left the window.
      traffic.awaitSeconds(api, 80);
      browser.resize(1400, 800);
      browser.open("/#window=60s");
      browser.shown(EDGE_ROW);
      take(browser, "graph");

      browser.resize(1600, 1500);
      browser.shown(EDGE_ROW, "[data-destination='bookinfo/reviews-v3']").click();
      browser.shown(EDGE_PANEL);
      browser.shown(SLOW_CALL).click();
      browser.shown(WATERFALL);
      take(browser, "edge");

      browser.resize(1400, 1000);
      browser.open("/#view=pods");
      browser.shown(POD_ROW, "[data-pod*='productpage-v1']").click();
      browser.shown(PROFILE_START).click();
      await("some seconds are told")
          .atMost(PATIENCE)
          .until(() -> browser.shown(PROFILE_STATE).getText().contains("8 reports"));
      take(browser, "pod");
    }
  }

  private static void take(Browser browser, String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.copy(
        browser.screenshot(name),
        PICTURES.resolve(name + ".png"),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
