/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of a kind, by a list and a watch that begin again by themselves. The API's absence is
 * said and stops nothing: what was known stays known. Of an object no more is kept here than its
 * uid.
 */
final class ObjectWatch<T extends HasMetadata> implements ResourceEventHandler<T> {

  private static final Logger logger = LoggerFactory.getLogger(ObjectWatch.class);

  /** Objects of one answer to a list. */
  private static final long PAGE = 500;

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  // deps
  private final String kind;
  private final Consumer<T> put;
  private final Consumer<String> remove;
  private final SharedIndexInformer<T> informer;

  // state
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();
  private volatile String complaint = "";
  private boolean stopped;

  /**
   * Begins with {@link #start}.
   *
   * @param kind plural, as RBAC names it
   * @param put takes an object that is new or has changed
   * @param remove takes the uid of one that has gone
   */
  ObjectWatch(
      String kind,
      Class<T> type,
      Informable<T> objects,
      KubernetesSerialization serialization,
      Consumer<T> put,
      Consumer<String> remove) {
    this.kind = kind;
    this.put = put;
    this.remove = remove;
    informer =
        objects
            .withLimit(PAGE)
            .runnableInformer(0)
            // By uid: who comes by the name of one that went is another one.
            .itemStore(
                new ReducedStateItemStore<>(
                    ReducedStateItemStore.UID_KEY_STATE, type, serialization))
            .addEventHandler(this)
            .exceptionHandler(this::retry);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void start() {
    // What it ends in comes to the handler as well.
    informer.start();
  }

  synchronized void stop() {
    stopped = true;
    informer.stop();
  }

  /** Whether all were told once, whatever became of the API since. */
  boolean hasSynced() {
    return informer.hasSynced();
  }

  synchronized WatchState state() {
    // fabric8's informer, asked while it stops, throws.
    boolean watching = !stopped && informer.hasSynced() && informer.isWatching();
    return new WatchState(
        kind,
        informer.getStore().listKeys().size(),
        watching,
        events.get(),
        failures.get(),
        unreadable.get(),
        watching ? "" : complaint);
  }

  @Override
  public void onAdd(T object) {
    events.incrementAndGet();
    recovered();
    try {
      put.accept(object);
    } catch (RuntimeException e) {
      unreadable.incrementAndGet();
      logger.warn(
          "{} {} is not understood and left out: {}", kind, object.getMetadata().getName(), e);
    }
  }

  @Override
  public void onUpdate(T before, T now) {
    onAdd(now);
  }

  @Override
  public void onDelete(T object, boolean finalStateUnknown) {
    events.incrementAndGet();
    remove.accept(object.getMetadata().getUid());
  }

  private boolean retry(boolean started, Throwable failure) {
    failures.incrementAndGet();
    String what = explain(failure);
    // Each attempt would say it again.
    if (!what.equals(complaint)) {
      complaint = what;
      logger.warn("{} cannot be watched for now: {}", kind, what);
    }
    return true;
  }

  private void recovered() {
    if (!complaint.isEmpty()) {
      complaint = "";
      logger.info("{} are watched again", kind);
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
      case FORBIDDEN -> "forbidden: the ServiceAccount needs list and watch on " + kind;
      case UNAUTHORIZED -> "not authenticated";
      case BAD_REQUEST -> "refused: " + cause.getMessage();
      default -> cause.toString();
    };
  }
}
