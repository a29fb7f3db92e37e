/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects of one kind, as the API server has them. Tries for ever: Istio may be installed later,
 * and the API server be away. Any thread.
 *
 * @param <T> their type
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Watched.class);

  /** Objects of one answer to a list. */
  private static final long PAGE = 500;

  // deps
  private final SharedIndexInformer<T> informer;

  // state
  private volatile String complaint = "";

  /** Begins to watch; each change is told to {@code changed}. */
  Watched(Informable<T> objects, Runnable changed) {
    informer =
        objects
            .withLimit(PAGE)
            .runnableInformer(0)
            .exceptionHandler(this::retry)
            .addEventHandler(new Changes<>(changed));
    informer.start();
  }

  /** Whether all that are there are known. */
  boolean isKnown() {
    return informer.hasSynced();
  }

  private boolean retry(boolean started, Throwable failure) {
    String what = reason(failure);
    // Each attempt would say it again.
    if (!what.equals(complaint)) {
      complaint = what;
      logger.warn("Istio's configuration cannot be watched for now: {}", what);
    }
    return true;
  }

  /** In the API server's words, where it has any. */
  static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refusal
          && refusal.getStatus() != null
          && refusal.getStatus().getMessage() != null) {
        return refusal.getStatus().getMessage();
      }
    }
    return String.valueOf(failure.getMessage());
  }

  /** Why it is not watched now; empty where it is, or nothing has gone wrong yet. */
  String complaint() {
    return informer.hasSynced() && informer.isWatching() ? "" : complaint;
  }

  List<T> all() {
    return informer.getStore().list();
  }

  @Override
  public void close() {
    informer.stop();
  }

  private record Changes<T>(Runnable changed) implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T added) {
      changed.run();
    }

    @Override
    public void onUpdate(T before, T after) {
      changed.run();
    }

    @Override
    public void onDelete(T deleted, boolean unseen) {
      changed.run();
    }

    @Override
    public void onNothing() {
      changed.run();
    }
  }
}
