/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

/** A setting that the controller cannot start with. The message is one line for its operator. */
final class SettingException extends RuntimeException {

  SettingException(String message) {
    super(message);
  }

  /** Names the setting, where its value came from, what is wrong and the way out. */
  static SettingException of(Setting setting, ConfiguredValue value, String wayOut) {
    return new SettingException(
        setting.key() + ": \"" + value.text() + "\" (" + value.source() + ") " + wayOut);
  }
}
