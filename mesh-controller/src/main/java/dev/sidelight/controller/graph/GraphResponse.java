/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * How often an edge was answered so.
 *
 * @param code HTTP status, 0 where there was no response
 * @param flags Envoy's short names, {@code "-"} where none
 * @param requests how often
 */
public record GraphResponse(int code, String flags, long requests) {}
