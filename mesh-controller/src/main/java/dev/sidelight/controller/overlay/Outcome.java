/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.util.Locale;

/** What became of an answer of Kiali's. */
public enum Outcome {
  /** A graph with nodes and edges of ours. */
  CHANGED("changed"),

  /** Another request than for a graph. */
  NOT_GRAPH("passed"),
  /** A graph was asked for, and something else than 200 answered. */
  STATUS("passed"),
  /** Not JSON by its content type, or not when read. */
  NOT_JSON("passed"),
  /** A content coding that is not decoded here, or that is broken. */
  UNDECODABLE("passed"),
  /** Longer than what is changed. */
  TOO_LARGE("passed"),
  /** It took longer than a change may. */
  TIMEOUT("passed"),
  /** As many graphs as may be are being changed already. */
  BUSY("passed"),
  /** Not the schema that is known. */
  UNKNOWN_SCHEMA("passed"),
  /** Parameters that are not understood, or a graph of services: no call is drawn there. */
  PARAMETERS("passed"),
  /** A window longer, shorter or older than the figures reach. */
  WINDOW("passed"),
  /** No call in the window between nodes that Kiali draws an edge between. */
  NO_EDGES("passed"),
  /** A node of ours is there already: two overlays in a row. */
  ID_TAKEN("passed"),
  /** A programming error; the log says which. */
  ERROR("passed"),

  /** Kiali could not be connected to. */
  UNREACHABLE("failed"),
  /** Kiali was silent for too long. */
  SILENT("failed"),
  /** The answer broke off, at Kiali or because its reader left. */
  BROKEN_OFF("failed");

  private final String outcome;

  Outcome(String outcome) {
    this.outcome = outcome;
  }

  /** {@code changed}, {@code passed} as it came, or {@code failed}. */
  public String outcome() {
    return outcome;
  }

  /** Lower-case name; empty for what is changed. */
  public String reason() {
    return this == CHANGED ? "" : name().toLowerCase(Locale.ROOT);
  }
}
