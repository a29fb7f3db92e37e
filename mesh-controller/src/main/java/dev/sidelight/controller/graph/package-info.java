/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The mesh as Kiali draws it: the answer of {@code GET /api/namespaces/graph} in Kiali's schema,
 * with its ids, from the edges that the root hands in.
 */
package dev.sidelight.controller.graph;
