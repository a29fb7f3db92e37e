/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of this node from the Kubernetes API, by a list and a watch that begin again by
 * themselves. The API's absence is said and stops nothing: what was known stays known.
 */
final class KubernetesRegistry implements PodRegistry, ResourceEventHandler<Pod> {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesRegistry.class);
  private static final int RETRY_MILLIS = 1000;
  private static final int FORBIDDEN = 403;
  private static final int UNAUTHORIZED = 401;

  // deps
  private final RegistrySettings settings;
  private final PodIndex index;

  // state
  private KubernetesClient client;
  private SharedIndexInformer<Pod> informer;
  private String complaint = "";

  KubernetesRegistry(RegistrySettings settings, PodIndex index) {
    this.settings = settings;
    this.index = index;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public synchronized void start() {
    try {
      client = new KubernetesClientBuilder().withConfig(config(settings.kubeconfig())).build();
      informer =
          client
              .pods()
              .inAnyNamespace()
              .withField("spec.nodeName", settings.nodeName())
              .runnableInformer(0)
              .addEventHandler(this)
              .exceptionHandler(this::retry);
      // What it ends in comes to the handler as well.
      informer.start();
    } catch (RuntimeException e) {
      complain(e);
    }
  }

  @Override
  public void refresh() {
    if (isSynced()) {
      recovered();
    }
  }

  @Override
  public synchronized boolean isSynced() {
    return informer != null && informer.hasSynced() && informer.isWatching();
  }

  @Override
  public synchronized void close() {
    if (informer != null) {
      informer.stop();
    }
    if (client != null) {
      client.close();
    }
  }

  @Override
  public void onAdd(Pod pod) {
    RegisteredPod registered;
    try {
      registered = PodWorkloads.of(pod);
    } catch (RuntimeException e) {
      LOG.warn("a pod of the API is not understood, and stays without a name: {}", e.toString());
      return;
    }
    index.put(pod.getMetadata().getUid(), registered);
  }

  @Override
  public void onUpdate(Pod before, Pod now) {
    // A pod of the same name may be another one, when the watch was interrupted.
    if (!before.getMetadata().getUid().equals(now.getMetadata().getUid())) {
      index.remove(before.getMetadata().getUid());
    }
    onAdd(now);
  }

  @Override
  public void onDelete(Pod pod, boolean finalStateUnknown) {
    index.remove(pod.getMetadata().getUid());
  }

  private boolean retry(boolean started, Throwable failure) {
    complain(failure);
    return true;
  }

  private synchronized void complain(Throwable failure) {
    String what = explain(failure);
    // Each attempt would say it again.
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.warn("no names of pods from the Kubernetes API for now: {}", what);
    }
  }

  private synchronized void recovered() {
    if (!complaint.isEmpty()) {
      complaint = "";
      LOG.info("the Kubernetes API names {} pods of this node", index.size());
    }
  }

  private String explain(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      if (cause instanceof KubernetesClientException refusal && refusal.getCode() != 0) {
        break;
      }
      cause = cause.getCause();
    }
    int code = cause instanceof KubernetesClientException refusal ? refusal.getCode() : 0;
    return switch (code) {
      case FORBIDDEN ->
          "forbidden: the service account needs get, list and watch on pods in every namespace";
      case UNAUTHORIZED ->
          "not authenticated: give the pod a service account token, or set pods.kubeconfig";
      default -> client == null ? cause.toString() : cause + " (" + client.getMasterUrl() + ")";
    };
  }

  private static Config config(Path kubeconfig) {
    Config base =
        kubeconfig == null
            ? Config.autoConfigure(null)
            : Config.fromKubeconfig(kubeconfig.toFile());
    return new ConfigBuilder(base)
        // The informer begins again by itself: so each failure is heard of at once.
        .withRequestRetryBackoffLimit(0)
        .withWatchReconnectInterval(RETRY_MILLIS)
        // After a 401 an API server sends GOAWAY, of which the JDK's client makes an I/O error:
        // nobody would read the token anew.
        .withHttp2Disable(true)
        .build();
  }
}
