/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

/**
 * Where to, and how much at once.
 *
 * @param host the controller's
 * @param port of its hop ingest
 * @param security of the call
 * @param batchMillis between two batches
 * @param queueEndsMax ends that wait at the most while the controller is away
 */
public record UploadSettings(
    String host, int port, CallSecurity security, int batchMillis, int queueEndsMax) {}
