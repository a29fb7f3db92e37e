/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where settings come from: the command line before the environment before the file before the
 * default.
 */
final class SettingSources {

  private record Value(String text, String source) {}

  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

  private SettingSources() {}

  /**
   * Collects them.
   *
   * @param commandLine keys and values as given
   * @param environment all of it
   * @param file properties; null for none
   * @throws SettingException when the file cannot be read or names a setting that there is not
   */
  static SettingSources of(
      Map<String, String> commandLine, Map<String, String> environment, Path file) {
    Properties properties = load(file);
    SettingSources sources = new SettingSources();
    for (Setting setting : Setting.values()) {
      sources.values.put(
          setting, sources.find(setting, commandLine, environment, properties, file));
    }
    return sources;
  }

  String text(Setting setting) {
    return values.get(setting).text();
  }

  int integer(Setting setting, int least, int most) {
    String text = text(setting).trim();
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below, as what is out of range.
    }
    throw refusal(setting, "must be a whole number from " + least + " to " + most);
  }

  SettingException refusal(Setting setting, String way) {
    Value value = values.get(setting);
    return new SettingException(
        setting.key() + "=" + value.text() + " (from " + value.source() + ") " + way);
  }

  private Value find(
      Setting setting,
      Map<String, String> commandLine,
      Map<String, String> environment,
      Properties properties,
      Path file) {
    if (commandLine.get(setting.key()) != null) {
      return new Value(commandLine.get(setting.key()), "the command line");
    }
    if (environment.get(setting.environmentName()) != null) {
      return new Value(
          environment.get(setting.environmentName()),
          "the environment's " + setting.environmentName());
    }
    if (properties.getProperty(setting.key()) != null) {
      return new Value(properties.getProperty(setting.key()), file.toString());
    }
    return new Value(setting.defaultValue(), "its default");
  }

  private static Properties load(Path file) {
    Properties properties = new Properties();
    if (file == null) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException(
          "--config " + file + " cannot be read: " + e + "; name a readable .properties file");
    }
    Set<String> known =
        Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new SettingException(
          unknown.iterator().next()
              + " (from "
              + file
              + ") is no setting of the probe; remove it, or take one of "
              + new TreeSet<>(known));
    }
    return properties;
  }
}
