/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** A query parameter that is not what it should be; the message is for the client. */
final class BadParameterException extends RuntimeException {

  private final String parameter;

  BadParameterException(String parameter, String expected, String value) {
    super("parameter " + parameter + " must be " + expected + ", but was '" + value + "'");
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }
}
