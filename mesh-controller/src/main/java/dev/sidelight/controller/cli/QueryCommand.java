/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** A command that asks and prints, once or again and again. */
abstract class QueryCommand implements Callable<Integer> {

  @ParentCommand private Sidelight sidelight;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOptions output;
  @Mixin private WatchOption watch;

  /** The API's answer. */
  abstract JsonNode ask(ApiClient client);

  /** The answer for people. */
  abstract List<String> lines(JsonNode answer, Layout layout);

  /** What the answer means for scripts. */
  int exitCode(JsonNode answer) {
    return 0;
  }

  @Override
  public final Integer call() {
    Terminal terminal = sidelight.terminal();
    ApiClient client = connection.client(terminal.environment());
    if (watch.isSet()) {
      return new Watch(terminal, watch.millis())
          .run(() -> ask(client), (answer, width) -> print(answer, width, true));
    }
    JsonNode answer = ask(client);
    print(answer, width(terminal), false).forEach(terminal.out()::println);
    return exitCode(answer);
  }

  private static int width(Terminal terminal) {
    return terminal.interactive() ? terminal.size().columns() : Layout.UNBOUNDED;
  }

  private List<String> print(JsonNode answer, int width, boolean repeated) {
    Terminal terminal = sidelight.terminal();
    return switch (output.format()) {
      case table -> lines(answer, new Layout(width, output.color().colors(terminal)));
      case json ->
          repeated && !terminal.interactive()
              ? List.of(Documents.compact(answer))
              : Documents.indented(answer);
      case yaml -> Documents.yaml(answer);
    };
  }
}
