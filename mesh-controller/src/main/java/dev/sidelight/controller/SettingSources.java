/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;

/**
 * Collects the text of every setting: the command line wins over the environment, that over the
 * file, that over the default.
 */
final class SettingSources {

  private SettingSources() {}

  /**
   * Every setting's text.
   *
   * @param configFile a .properties file, or null
   * @param environment the process's environment
   * @param commandLine what was given as --section.camelCaseName=VALUE
   * @throws SettingException when the file cannot be read or has a key that is no setting
   */
  static Map<Setting, ConfiguredValue> collect(
      Path configFile, Map<String, String> environment, Map<Setting, String> commandLine) {
    Map<Setting, ConfiguredValue> values = new EnumMap<>(Setting.class);
    Properties file = configFile == null ? new Properties() : read(configFile);
    for (Setting setting : Setting.values()) {
      values.put(setting, choose(setting, configFile, file, environment, commandLine));
    }
    return values;
  }

  private static ConfiguredValue choose(
      Setting setting,
      Path configFile,
      Properties file,
      Map<String, String> environment,
      Map<Setting, String> commandLine) {
    String variable = setting.environmentName();
    if (commandLine.containsKey(setting)) {
      return new ConfiguredValue(commandLine.get(setting).strip(), "command line");
    }
    if (environment.containsKey(variable)) {
      return new ConfiguredValue(environment.get(variable).strip(), "environment " + variable);
    }
    String text = file.getProperty(setting.key());
    return text == null
        ? new ConfiguredValue(setting.defaultValue(), "default")
        : new ConfiguredValue(text.strip(), "file " + configFile);
  }

  private static Properties read(Path configFile) {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(configFile)) {
      file.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException(
          "--config: cannot read " + configFile + " (" + e + "); name a readable .properties file");
    }
    for (String key : file.stringPropertyNames()) {
      if (!isSetting(key)) {
        throw new SettingException(
            key + ": unknown (file " + configFile + "); remove it, or see --help for the settings");
      }
    }
    return file;
  }

  private static boolean isSetting(String key) {
    for (Setting setting : Setting.values()) {
      if (setting.key().equals(key)) {
        return true;
      }
    }
    return false;
  }
}
