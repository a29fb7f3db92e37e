/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import java.nio.file.Path;

/**
 * How the controller is known, and how it knows the probe.
 *
 * @param caFile certificates, in PEM, one of which has signed the controller's; null: no TLS
 * @param serverName that the controller's certificate must have; empty: the host's
 * @param tokenFile holds the token that each call brings; null: none
 */
public record CallSecurity(Path caFile, String serverName, Path tokenFile) {
  /** Neither. */
  public static final CallSecurity NONE = new CallSecurity(null, "", null);
}
