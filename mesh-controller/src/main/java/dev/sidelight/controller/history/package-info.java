/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Edges over an hour, in slices of sparse histograms, within a bound on bytes; and over longer from
 * a Prometheus that scrapes the controller.
 */
package dev.sidelight.controller.history;
