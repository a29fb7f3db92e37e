/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.Locale;

/** How it is learned when a read began. */
public enum ReadTiming {
  /** Where the kernel lets a function's entry be hooked, which costs next to nothing; else not. */
  AUTO,
  /** Where it does not, by the entry of system calls, which taxes every one on the node. */
  SYSCALLS,
  /** Never. */
  OFF;

  /** Value of the setting. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a way to the hook may be taken. */
  boolean permits(HookWay way) {
    return this == SYSCALLS || (this == AUTO && way.kind() == HookWay.Kind.ENTRY);
  }
}
