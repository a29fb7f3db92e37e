/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * What an answer needs of the window.
 *
 * @param seconds 5 to 900
 * @param lastEpochSecond its last second
 * @param parts whether the durations of the parts of calls are needed
 * @param idle whether edges without traffic in it are wanted too
 */
public record GraphWindow(int seconds, long lastEpochSecond, boolean parts, boolean idle) {}
