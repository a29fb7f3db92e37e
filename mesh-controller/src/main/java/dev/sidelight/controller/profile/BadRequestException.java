/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/** What a client sent is no task; the message is for it. */
final class BadRequestException extends Exception {

  private final String parameter;

  /** The parameter is empty where none is to blame. */
  BadRequestException(String parameter, String message) {
    super(message, null, false, false);
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }
}
