/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Calls as OpenTelemetry traces: which ones, their components as spans in the order of the path,
 * and their way to a collector by OTLP. A leaf: what it counts it tells to {@link
 * dev.sidelight.controller.tracing.TracingEvents}.
 */
package dev.sidelight.controller.tracing;
