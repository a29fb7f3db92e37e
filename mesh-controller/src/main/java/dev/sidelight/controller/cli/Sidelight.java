/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root. */
@Command(
    name = Sidelight.NAME,
    mixinStandardHelpOptions = true,
    versionProvider = Sidelight.Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Who took the time: the sidecars, the network, or the application?",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the request failed, or (status) a problem was found",
      "2:the command line is wrong",
      "130:ended by Ctrl-C"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  SIDELIGHT_URL    the controller's HTTP port",
      "  SIDELIGHT_TOKEN  the API token",
      "  NO_COLOR         no colours unless --color=always"
    },
    subcommands = {
      EdgesCommand.class,
      EdgeCommand.class,
      SlowCommand.class,
      PodsCommand.class,
      ProfileCommand.class,
      StatusCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Sidelight implements Runnable {

  static final String NAME = "sidelight";

  @Spec private CommandSpec spec;

  // deps
  private final Terminal terminal;

  private Sidelight(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs a command and ends the process. */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs a command; the exit code. */
  static int run(Terminal terminal, String... args) {
    int exitCode = commandLine(terminal).execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return exitCode;
  }

  /** All commands, unparsed. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine commandLine =
        new CommandLine(new Sidelight(terminal))
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(false);
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    commandLine.setParameterExceptionHandler((exception, args) -> wrongUsage(exception));
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> failed(exception, command));
    return commandLine;
  }

  private static int wrongUsage(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    command.getErr().println(NAME + ": " + exception.getMessage());
    command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help.");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  /** One line for what the user can set right; a stack trace for what only we can. */
  private static int failed(Exception exception, CommandLine command) {
    if (exception instanceof CommandException) {
      command.getErr().println(NAME + ": " + exception.getMessage());
    } else {
      exception.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", names()));
  }

  private Set<String> names() {
    return spec.subcommands().keySet();
  }

  Terminal terminal() {
    return terminal;
  }

  /** The jar's. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Sidelight.class.getPackage().getImplementationVersion();
      return new String[] {NAME + " " + (version == null ? "development" : version)};
    }
  }
}
