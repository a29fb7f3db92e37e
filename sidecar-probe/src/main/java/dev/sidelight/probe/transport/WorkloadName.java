/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/**
 * A workload, as the labels name it.
 *
 * @param namespace of Kubernetes; empty where unknown
 * @param workload its name; empty where unknown
 * @param app Istio's canonical service; empty where unknown
 * @param version Istio's canonical revision; empty where unknown
 */
public record WorkloadName(String namespace, String workload, String app, String version) {
  /** Of whom nothing is known. */
  public static final WorkloadName UNKNOWN = new WorkloadName("", "", "", "");
}
