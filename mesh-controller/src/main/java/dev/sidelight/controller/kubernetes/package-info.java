/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What the Kubernetes API says of the cluster: whose pod an address is, to which workload a pod
 * belongs, which service it serves, which namespaces are observed. Lists and watches keep it up to
 * date; whoever asks is answered from memory, on any thread. A leaf.
 */
package dev.sidelight.controller.kubernetes;
