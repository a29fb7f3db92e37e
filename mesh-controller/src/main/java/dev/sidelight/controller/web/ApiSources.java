/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.prometheus.client.CollectorRegistry;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the answers come from. All but {@code ready} are called on worker threads.
 *
 * @param edges {@code GET /api/v1/edges}
 * @param requests calls of {@code GET /api/v1/requests}
 * @param history {@code GET /api/v1/history}
 * @param graph {@code GET /api/namespaces/graph} by its query parameters
 * @param profiling {@code /api/v1/pods} and {@code /api/v1/profiles}
 * @param guard who may change something
 * @param status JSON of {@code GET /api/v1/status}
 * @param registry what {@code GET /metrics} writes
 * @param ready whether {@code GET /readyz} says so; called on the event loop, must not block
 */
public record ApiSources(
    EdgesSource edges,
    RecentRequests requests,
    HistorySource history,
    Function<Map<String, String>, Answer> graph,
    Profiling profiling,
    WriteGuard guard,
    Supplier<byte[]> status,
    CollectorRegistry registry,
    BooleanSupplier ready) {}
