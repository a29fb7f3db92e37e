/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** CLI.md has a section on every command with every parameter and option, and no others. */
final class CliPageTest {

  private static final Pattern SECTION = Pattern.compile("(?m)^## `sidelight (\\w+)`$");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  private final CommandLine commandLine = Sidelight.commandLine(Terminal.ofProcess());

  @Test
  void page_hasEveryCommandInOrder() throws Exception {
    List<String> documented =
        SECTION.matcher(page()).results().map(section -> section.group(1)).toList();
    assertThat(documented).isEqualTo(commands().map(CommandSpec::name).toList());
  }

  @Test
  void page_hasEveryOption() throws Exception {
    List<String> common = rows(section("Options of all that ask"));
    commands()
        .forEach(
            command -> {
              List<String> documented =
                  new ArrayList<>(rows(section("`sidelight " + command.name() + "`")));
              List<String> expected = names(command);
              if (expected.containsAll(common)) {
                documented.addAll(common);
              }
              assertThat(documented)
                  .as(command.name())
                  .containsExactlyInAnyOrderElementsOf(expected);
            });
  }

  private Stream<CommandSpec> commands() {
    return commandLine.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.name().equals("help"));
  }

  private static List<String> names(CommandSpec command) {
    List<String> names = new ArrayList<>();
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      names.add(parameter.paramLabel());
    }
    for (OptionSpec option : command.options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        names.add(text(option));
      }
    }
    return names;
  }

  private static String text(OptionSpec option) {
    String all = String.join(", ", option.names());
    if (option.arity().max() == 0) {
      return all;
    }
    return option.arity().min() == 0
        ? all + "[=" + option.paramLabel() + "]"
        : all + "=" + option.paramLabel();
  }

  private static List<String> rows(String section) {
    return ROW.matcher(section).results().map(row -> row.group(1)).toList();
  }

  private static String section(String title) {
    String page = page();
    int start = page.indexOf("## " + title + "\n");
    assertThat(start).as(title).isNotNegative();
    int end = page.indexOf("\n## ", start + 1);
    return end < 0 ? page.substring(start) : page.substring(start, end);
  }

  private static String page() {
    try {
      return Files.readString(Path.of("CLI.md"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
