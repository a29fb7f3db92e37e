/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Everything that is exposed to Prometheus: what the ingests and the correlator count, and the
 * figures of edges and sidecars, in base units and with Istio's label names.
 */
package dev.sidelight.controller.metrics;
