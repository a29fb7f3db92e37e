/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The controller's main program: reads the settings, starts, says so in one line, and runs until
 * SIGTERM.
 */
@Command(
    name = "sidelight-controller",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Tells Envoy-introduced latency from network and application latency.")
public final class SidelightController implements Callable<Integer> {

  /** What could not work at the start, whether usage or a setting. */
  private static final int EXIT_SETTING = CommandLine.ExitCode.USAGE;

  @Option(names = "--config", paramLabel = "FILE", description = "a .properties file of settings")
  private Path configFile;

  // deps
  private final Map<String, String> environment;
  private final Consumer<Controller> onReady;

  // state
  private final Map<Setting, String> commandLineSettings = new EnumMap<>(Setting.class);
  private final CommandLine commandLine;

  SidelightController(Map<String, String> environment, Consumer<Controller> onReady) {
    this.environment = environment;
    this.onReady = onReady;
    this.commandLine = new CommandLine(this);
    for (Setting setting : Setting.values()) {
      commandLine.getCommandSpec().addOption(option(setting));
    }
    commandLine.setParameterExceptionHandler((exception, args) -> fail(exception));
    commandLine.setExecutionExceptionHandler((exception, command, parsed) -> fail(exception));
  }

  /** Runs until SIGTERM. */
  public static void main(String[] args) {
    SidelightController program =
        new SidelightController(System.getenv(), SidelightController::closeAtExit);
    int exitCode = program.commandLine().execute(args);
    // Otherwise the servers' threads keep the process.
    if (exitCode != CommandLine.ExitCode.OK) {
      System.exit(exitCode);
    }
  }

  private static void closeAtExit(Controller controller) {
    Runtime.getRuntime().addShutdownHook(new Thread(controller::close, "sidelight-stop"));
  }

  CommandLine commandLine() {
    return commandLine;
  }

  private OptionSpec option(Setting setting) {
    ISetter setter =
        new ISetter() {
          @Override
          @SuppressWarnings("TypeParameterUnusedInFormals")
          public <T> T set(T value) {
            if (value != null) {
              commandLineSettings.put(setting, value.toString());
            }
            return null;
          }
        };
    String defaultValue =
        setting.defaultValue().isEmpty() ? "" : " [" + setting.defaultValue() + "]";
    return OptionSpec.builder("--" + setting.key())
        .paramLabel("VALUE")
        .type(String.class)
        .description((setting.meaning() + defaultValue).replace("%", "%%"))
        .setter(setter)
        .build();
  }

  @Override
  public Integer call() {
    Controller controller =
        new Controller(
            ControllerSettings.of(
                SettingSources.collect(configFile, environment, commandLineSettings)));
    try {
      controller.start();
    } catch (RuntimeException e) {
      controller.close();
      throw e;
    }
    onReady.accept(controller);
    commandLine.getOut().println(controller.readyLine());
    commandLine.getOut().flush();
    return CommandLine.ExitCode.OK;
  }

  /** One line for what the operator can set right; a stack trace for what only we can. */
  private int fail(Exception exception) {
    if (exception instanceof SettingException
        || exception instanceof CommandLine.ParameterException) {
      commandLine.getErr().println("sidelight-controller: " + exception.getMessage());
      return EXIT_SETTING;
    }
    exception.printStackTrace(commandLine.getErr());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
