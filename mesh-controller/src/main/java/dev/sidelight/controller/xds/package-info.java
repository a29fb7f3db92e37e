/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The control plane of a mesh without Istio: reads who is in the mesh from a file, watches it, and
 * gives each Envoy its listeners, routes and clusters by ADS, as Istio would give them. Where Istio
 * runs, this package stays unused.
 */
package dev.sidelight.controller.xds;
