/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

/**
 * Something that is missing or was lost.
 *
 * @param code for programs; API.md lists them
 * @param message names the cause, with the figures
 * @param fix the way out: the command or the setting
 * @param isCommand whether the fix is a command for a shell and nothing else
 * @param isInformation whether nothing is wrong
 */
public record Problem(
    String code, String message, String fix, boolean isCommand, boolean isInformation) {

  /** Something wrong, with its way out in words. */
  Problem(String code, String message, String fix) {
    this(code, message, fix, false, false);
  }
}
