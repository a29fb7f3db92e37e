/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.history;

import java.net.URI;

/**
 * Bounds of the history, and where older figures are.
 *
 * @param maxBytes heap that the slices of all edges take at most
 * @param prometheusUrl the Prometheus that scrapes this controller; null where there is none
 */
public record HistorySettings(long maxBytes, URI prometheusUrl) {}
