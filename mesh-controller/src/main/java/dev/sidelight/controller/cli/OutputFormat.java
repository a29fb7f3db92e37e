/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

/** Form of an answer. */
enum OutputFormat {
  /** For people. */
  table,
  /** The API's own, its keys in the API's order. */
  json,
  /** The same. */
  yaml
}
