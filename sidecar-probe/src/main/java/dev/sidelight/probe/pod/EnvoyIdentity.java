/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Which processes are sidecars: never by port, since an application may listen on any.
 *
 * @param executables file names
 * @param uids users as their containers number them; empty: any
 */
public record EnvoyIdentity(Set<String> executables, Set<Integer> uids) {

  /** Copies the sets. */
  public EnvoyIdentity {
    executables = Set.copyOf(executables);
    uids = Set.copyOf(uids);
  }

  /** The user is asked for only where the executable is right: that is another file to read. */
  boolean test(String executable, IntSupplier uid) {
    return executables.contains(executable) && (uids.isEmpty() || uids.contains(uid.getAsInt()));
  }
}
