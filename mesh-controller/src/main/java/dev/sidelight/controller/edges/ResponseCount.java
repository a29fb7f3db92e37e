/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.edges;

/**
 * How often an edge was answered so.
 *
 * @param responseCode HTTP status, 0 where there was no response
 * @param responseFlags Envoy's short names, {@code "-"} where none
 * @param requests how often, at least 1
 */
public record ResponseCount(int responseCode, String responseFlags, long requests) {}
