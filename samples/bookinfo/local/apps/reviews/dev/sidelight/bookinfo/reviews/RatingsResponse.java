/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

/**
 * What ratings answered and how long that took by this program's own clock.
 *
 * @param status HTTP status; 0 where ratings did not answer
 * @param body JSON, may be empty
 * @param startMonotonicNanos read just before the first send
 * @param endMonotonicNanos read just after the last read
 * @param newConnection whether the connection was opened for this call
 */
record RatingsResponse(
    int status,
    String body,
    long startMonotonicNanos,
    long endMonotonicNanos,
    boolean newConnection) {}
