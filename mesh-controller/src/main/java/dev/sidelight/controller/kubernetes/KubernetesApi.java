/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** The way to the API server, one client for all of the controller. */
public final class KubernetesApi {

  private static final int RETRY_MILLIS = 1_000;
  private static final int CONNECT_MILLIS = 5_000;

  private KubernetesApi() {}

  /**
   * A client by fabric8's own discovery: KUBECONFIG, else the ServiceAccount of the pod, whose
   * token it reads anew. It connects when it is used.
   */
  public static KubernetesClient client() {
    return client(Config.autoConfigure(null));
  }

  /** A client by a configuration of the tests'. */
  static KubernetesClient client(Config base) {
    Config config =
        new ConfigBuilder(base)
            // Informers begin again by themselves: so each failure is heard of at once.
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(RETRY_MILLIS)
            .withConnectionTimeout(CONNECT_MILLIS)
            // After a 401 an API server sends GOAWAY, of which the JDK's client makes an I/O
            // error: nobody would read the token anew.
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
