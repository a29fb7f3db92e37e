/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** OVERLAY.md names what can become of an answer, and nothing else, in the code's order. */
final class OverlayPageTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(changed|passed|failed)` \\| (?:`(\\w+)` )?\\|");

  @Test
  void page_namesEveryOutcome() throws IOException {
    List<String> documented =
        ROW.matcher(Files.readString(Path.of("OVERLAY.md")))
            .results()
            .map(row -> row.group(1) + " " + (row.group(2) == null ? "" : row.group(2)))
            .toList();
    assertThat(documented)
        .isEqualTo(
            Arrays.stream(Outcome.values())
                .map(outcome -> outcome.outcome() + " " + outcome.reason())
                .toList());
  }
}
