/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/**
 * What {@code GET /api/v1/history} asks for.
 *
 * @param filter which edges, added up
 * @param windowSeconds ends now; 5 at least
 * @param stepSeconds length of a slice; 0 where the source may choose
 */
public record HistoryQuery(EdgeFilter filter, int windowSeconds, int stepSeconds) {}
