/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.controller.limit.StreamLimits;

/**
 * Which streams are taken, and for how long.
 *
 * @param callers how it is known who calls
 * @param identities whose certificate a proxy's must be
 * @param limits bounds of all streams
 * @param maxStreamAgeMillis when a stream is ended; 0 for never
 */
public record StreamAdmission(
    CallerSource callers,
    ProxyIdentities identities,
    StreamLimits limits,
    long maxStreamAgeMillis) {}
