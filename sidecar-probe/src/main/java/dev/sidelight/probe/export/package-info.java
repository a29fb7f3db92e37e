/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Carries exchanges to the controller: batches, acknowledgements, reconnection, and a bounded queue
 * while it is away.
 */
package dev.sidelight.probe.export;
