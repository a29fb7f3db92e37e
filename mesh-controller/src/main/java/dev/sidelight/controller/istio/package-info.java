/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Istio's configuration, as it lies in the Kubernetes API: turns the proxies' access logs on by an
 * object of ours that is applied, repaired and removed, finds what others' objects do against it,
 * and tells what they say of the services in the graph.
 */
package dev.sidelight.controller.istio;
