/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import dev.sidelight.probe.bpf.BpfException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The probe's main program. */
public final class SidecarProbe {
  private static final String CONFIG = "--config";

  private SidecarProbe() {}

  /** Runs until SIGTERM; exit code 2 for wrong settings, 1 where the kernel refuses. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(commandLine());
    command.setExecutionStrategy(SidecarProbe::run);
    System.exit(command.execute(args));
  }

  private static CommandSpec commandLine() {
    CommandSpec spec = CommandSpec.create().name("sidelight-probe").mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Times both ends of every hop between a sidecar and its application.");
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .type(Path.class)
            .paramLabel("FILE")
            .description("Settings in a .properties file.")
            .build());
    for (Setting setting : Setting.values()) {
      spec.addOption(
          OptionSpec.builder("--" + setting.key())
              .type(String.class)
              .paramLabel("VALUE")
              .description(
                  setting.description()
                      + " Default: "
                      + (setting.defaultValue().isEmpty() ? "empty" : setting.defaultValue())
                      + ".")
              .build());
    }
    return spec;
  }

  private static int run(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    try {
      Map<String, String> given = new HashMap<>();
      for (Setting setting : Setting.values()) {
        String value = parsed.matchedOptionValue("--" + setting.key(), (String) null);
        if (value != null) {
          given.put(setting.key(), value);
        }
      }
      Path file = parsed.matchedOptionValue(CONFIG, (Path) null);
      ProbeSettings settings = ProbeSettings.of(SettingSources.of(given, System.getenv(), file));
      serve(settings);
      return CommandLine.ExitCode.OK;
    } catch (SettingException e) {
      return refuse(e, CommandLine.ExitCode.USAGE);
    } catch (BpfException | IllegalStateException e) {
      return refuse(e, CommandLine.ExitCode.SOFTWARE);
    }
  }

  private static void serve(ProbeSettings settings) {
    Probe probe = new Probe(settings);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  probe.close();
                  closed.countDown();
                },
                "shutdown"));
    probe.start();
    System.out.println(
        "sidelight-probe ready metrics="
            + settings.metricsHost()
            + ":"
            + probe.metricsPort()
            + " controller="
            + settings.upload().host()
            + ":"
            + settings.upload().port()
            + " node="
            + settings.nodeName()
            + " pods="
            + probe.podCount());
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int refuse(RuntimeException failure, int code) {
    System.err.println("sidelight-probe: " + failure.getMessage());
    return code;
  }
}
