/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.controller.profile.Topology.Interval;
import dev.sidelight.controller.profile.Topology.Processes;
import java.util.Map;

/**
 * A topology as it was at one time.
 *
 * @param processes by name
 * @param lines of one of them the course is there, of all the sums
 * @param intervals when the course's reports were
 */
record TopologyView(
    Map<String, Processes> processes, Map<LineKey, Line> lines, Map<Integer, Interval> intervals) {

  static TopologyView of(Topology topology, String courseOf) {
    return new TopologyView(topology.processes(), topology.lines(courseOf), topology.intervals());
  }
}
