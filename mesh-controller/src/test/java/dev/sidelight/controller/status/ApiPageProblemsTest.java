/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.controller.istio.IstioProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** API.md lists every problem, in the order in which they are told. */
final class ApiPageProblemsTest {

  @Test
  void apiPage_namesEveryProblem() throws Exception {
    String page = Files.readString(Path.of("API.md"));
    String section =
        page.substring(page.indexOf("| code | told when |"), page.indexOf("## `GET /metrics`"));
    List<String> documented =
        Pattern.compile("(?m)^\\| `(\\w+)` \\|")
            .matcher(section)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented)
        .isEqualTo(
            Stream.concat(
                    Arrays.stream(IstioProblem.Code.values()).map(IstioProblem.Code::key),
                    Arrays.stream(ProblemCode.values()).map(ProblemCode::key))
                .toList());
  }
}
