/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

/**
 * Who a pod is, in Istio's words.
 *
 * @param namespace of Kubernetes
 * @param name of the workload: of the deployment, stateful set, daemon set, job, or the pod itself
 * @param pod the pod's name
 * @param app Istio's canonical service
 * @param version Istio's canonical revision
 */
public record Workload(String namespace, String name, String pod, String app, String version) {}
