/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** API.md has a section on every endpoint, in the order of the index. */
final class ApiPageRoutesTest {

  private static final Pattern SECTION = Pattern.compile("(?m)^## `(?:GET )?(.+)`$");

  @Test
  void apiPage_namesEveryEndpoint() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      ApiSources sources =
          new ApiSources(
              (window, filter) -> new byte[0],
              (window, matching, order, limit) -> List.of(),
              null,
              parameters -> Answer.text(200, ""),
              new NoProfiling(),
              new WriteGuard(ApiToken.none(), false),
              () -> new byte[0],
              new CollectorRegistry(),
              () -> true);
      assertThat(documented()).isEqualTo(ApiRouter.paths(vertx, sources));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  private static List<String> documented() throws IOException {
    return SECTION
        .matcher(Files.readString(Path.of("API.md")))
        .results()
        .map((MatchResult section) -> section.group(1))
        .toList();
  }
}
