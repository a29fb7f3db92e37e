/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

/**
 * What tasks may ask for.
 *
 * @param tasksMax tasks that run at once
 * @param secondsMax how long one may last
 * @param connectionsMax connections in a report
 * @param samplesPerSecondMax exchanges of a task that are told singly in a second
 */
public record ProfileSettings(
    int tasksMax, int secondsMax, int connectionsMax, int samplesPerSecondMax) {}
