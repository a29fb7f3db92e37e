/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import java.util.List;

/**
 * Slices in the order of time.
 *
 * @param stepSeconds length of each
 * @param slices those that had a call
 */
public record HistorySlices(int stepSeconds, List<HistorySlice> slices) {}
