/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** For the shell's Tab. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "A script that completes commands and options in bash or zsh:",
      "  source <(sidelight completion bash)"
    })
final class CompletionCommand implements Callable<Integer> {

  @ParentCommand private Sidelight sidelight;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  @SuppressWarnings("UnusedVariable") // the script finds out by itself which of them runs it
  private Shell shell;

  /** What the script is for; zsh reads bash's. */
  enum Shell {
    bash,
    zsh
  }

  @Override
  public Integer call() {
    Terminal terminal = sidelight.terminal();
    terminal.out().print(AutoComplete.bash(Sidelight.NAME, Sidelight.commandLine(terminal)));
    return 0;
  }
}
