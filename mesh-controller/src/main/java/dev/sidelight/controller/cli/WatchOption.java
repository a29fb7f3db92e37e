/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Again and again. */
final class WatchOption {

  private static final String EVERY = "2";
  private static final int LONGEST = 3600;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-w", "--watch"},
      paramLabel = "SECONDS",
      arity = "0..1",
      fallbackValue = EVERY,
      preprocessor = AttachedOnly.class,
      description = "asks again each so many seconds (" + EVERY + "), until Ctrl-C")
  private Integer seconds;

  boolean isSet() {
    return seconds != null;
  }

  /** Between two looks. */
  long millis() {
    if (seconds < 1 || seconds > LONGEST) {
      throw new ParameterException(
          command.commandLine(),
          "--watch: " + seconds + " is not from 1 to " + LONGEST + " seconds");
    }
    return seconds * 1000L;
  }

  /** {@code --watch A} is no number of seconds; {@code --watch=1} is. */
  static final class AttachedOnly implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own type
    public boolean preprocess(
        Stack<String> args, CommandSpec commandSpec, ArgSpec argSpec, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        args.push(EVERY);
      }
      return false;
    }
  }
}
