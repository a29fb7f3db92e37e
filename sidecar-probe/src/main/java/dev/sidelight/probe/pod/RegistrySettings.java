/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import java.nio.file.Path;

/**
 * Where names of pods come from.
 *
 * @param source which registry
 * @param file the file registry's file; null for the others
 * @param kubeconfig how to reach the Kubernetes API; null: by the pod's service account
 * @param nodeName the node whose pods are asked for
 */
public record RegistrySettings(Source source, Path file, Path kubeconfig, String nodeName) {

  /** The registries that there are. */
  public enum Source {
    /** Pods have no names. */
    NONE,
    /** The Kubernetes API. */
    KUBERNETES,
    /** A JSON file. */
    FILE
  }
}
