/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

/** What became of a library that a process of a watched pod uses. */
public enum LibraryState {
  /** Its functions are looked at. */
  ATTACHED,
  /** The kernel refused. */
  REFUSED,
  /** It is there, and its file cannot be read, or is no ELF file with these functions. */
  UNREADABLE
}
