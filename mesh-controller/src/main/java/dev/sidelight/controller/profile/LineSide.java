/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.Map;
import java.util.TreeMap;

/** One side of a line: the sum of its ends, and their course by report. Not thread-safe. */
final class LineSide {

  private static final int INTERVAL_BYTES = 64;

  // state
  private final Figures sum = new Figures();
  private final TreeMap<Integer, Figures> figuresByReport = new TreeMap<>();
  private int connections;
  private int open;

  /** One more end belongs to it. */
  void count(boolean isOpen) {
    connections++;
    open += isOpen ? 1 : 0;
  }

  /**
   * Adds what an end told in a report.
   *
   * @return bytes of heap more than before
   */
  int add(int report, Figures figures) {
    int before = sum.bytes();
    sum.add(figures);
    Figures course = figuresByReport.get(report);
    int grown;
    if (course == null) {
      course = new Figures();
      figuresByReport.put(report, course);
      grown = INTERVAL_BYTES;
    } else {
      grown = -course.bytes();
    }
    course.add(figures);
    return grown + course.bytes() + sum.bytes() - before;
  }

  /** Adds to the sum what another side has in its own. */
  void addSum(LineSide other) {
    sum.add(other.sum);
    connections += other.connections;
    open += other.open;
  }

  /** Adds to the course what another side has in its own. */
  void addCourse(LineSide other) {
    other.figuresByReport.forEach(
        (report, figures) ->
            figuresByReport.computeIfAbsent(report, unused -> new Figures()).add(figures));
  }

  /**
   * Forgets the course up to a report, which stays in the sum.
   *
   * @return bytes of heap less than before
   */
  int forgetThrough(int report) {
    Map<Integer, Figures> old = figuresByReport.headMap(report, true);
    int bytes = 0;
    for (Figures figures : old.values()) {
      bytes += INTERVAL_BYTES + figures.bytes();
    }
    old.clear();
    return bytes;
  }

  /** Whether an end of it was ever seen. */
  boolean isSeen() {
    return connections > 0;
  }

  Figures sum() {
    return sum;
  }

  Map<Integer, Figures> figuresByReport() {
    return figuresByReport;
  }

  int connections() {
    return connections;
  }

  int open() {
    return open;
  }
}
