/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * Bounds of profiles.
 *
 * @param maxTasks that run at once
 * @param maxDurationSeconds of one
 * @param maxEnded that are kept
 * @param keepSeconds how long they are kept
 * @param maxIntervals whose course is kept, of one profile
 * @param maxLines of one profile's topology
 * @param maxSamples of one profile
 * @param maxBytes of heap for all of them, estimated
 */
public record ProfileSettings(
    int maxTasks,
    int maxDurationSeconds,
    int maxEnded,
    int keepSeconds,
    int maxIntervals,
    int maxLines,
    int maxSamples,
    long maxBytes) {}
