/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

/**
 * Where a test finds what the page shows: values of {@code data-testid}, and the attributes beside
 * them that carry a figure as the API has it, unrounded, so that it can be compared.
 */
final class PageElements {

  /**
   * The graph's container; cytoscape's core hangs on it. Node ids are {@code NAMESPACE/WORKLOAD}.
   */
  static final String GRAPH = "graph";

  /**
   * A row an edge, worst first, reached by the keyboard: {@code data-source}, {@code
   * data-destination} ({@code NAMESPACE/WORKLOAD}), {@code data-verdict} (the roll-up or component
   * that is to blame).
   */
  static final String EDGE_ROW = "edge-row";

  /** The opened edge: {@code data-source}, {@code data-destination}. */
  static final String EDGE_PANEL = "edge-panel";

  /** Its words of whose time it was; {@code data-verdict} is the component's or roll-up's key. */
  static final String VERDICT = "verdict";

  /**
   * A part of the stacked bar and its row of figures: {@code data-component}, {@code
   * data-mean-seconds}, {@code data-p50-seconds}, {@code data-p95-seconds}, {@code
   * data-p99-seconds}.
   */
  static final String COMPONENT = "component";

  /** The whole call's figures: the same attributes without {@code data-component}. */
  static final String TOTAL = "total";

  /** Coverage: {@code data-full}, {@code data-als-only}, {@code data-one-sided}. */
  static final String COVERAGE = "coverage";

  /** Layer 4 of a segment: {@code data-segment} is sourceHop, link or destinationHop. */
  static final String TRANSPORT = "transport";

  /** A button a slow call: {@code data-request-id}, {@code data-total-nanos}. */
  static final String SLOW_CALL = "slow-call";

  /** The opened slow call's time line. */
  static final String WATERFALL = "waterfall";

  /** A bar of it: {@code data-component}, {@code data-nanos}. */
  static final String WATERFALL_BAR = "waterfall-bar";

  /** Closes the panel that is open; so does Escape. */
  static final String CLOSE = "close";

  static final String SEARCH = "search";
  static final String NAMESPACE = "namespace";

  /** A {@code select} whose values are windows as the API has them, like {@code 60s}. */
  static final String WINDOW = "window";

  /** Switches dark and light; {@code data-theme} of the root element says which it is. */
  static final String THEME = "theme";

  /** Shown instead of a graph: what is missing, and the way out. */
  static final String EMPTY = "empty";

  /** The opened workload: {@code data-workload}; its pods below it. */
  static final String WORKLOAD_PANEL = "workload-panel";

  /** A row a pod: {@code data-pod}. */
  static final String POD_ROW = "pod-row";

  /** The pod's part: {@code data-pod}. */
  static final String POD_PANEL = "pod-panel";

  /** A box to tick: samples are wanted; then {@link #PROFILE_HEADERS} is shown. */
  static final String PROFILE_SAMPLED = "profile-sampled";

  static final String PROFILE_HEADERS = "profile-headers";
  static final String PROFILE_START = "profile-start";
  static final String PROFILE_END = "profile-end";

  /** How far the shown profile is, in words. */
  static final String PROFILE_STATE = "profile-state";

  /** A row a profile: {@code data-profile}, {@code data-state}. */
  static final String PROFILE = "profile";

  /** The process topology's container; cytoscape's core hangs on it. */
  static final String TOPOLOGY = "topology";

  /** A row a line of the topology, reached by the keyboard: {@code data-line}. */
  static final String LINE_ROW = "line-row";

  /** The opened line: {@code data-line}. */
  static final String LINE_PANEL = "line-panel";

  /** One of its two sides: {@code data-side} is client or server. */
  static final String SIDE = "side";

  /** A row a sample: {@code data-why}, {@code data-status}, {@code data-duration-nanos}. */
  static final String SAMPLE = "sample";

  /** Attributes of what belongs to an edge between two workloads of bookinfo. */
  static String between(String source, String destination) {
    return "[data-source='bookinfo/%s'][data-destination='bookinfo/%s']"
        .formatted(source, destination);
  }

  private PageElements() {}
}
