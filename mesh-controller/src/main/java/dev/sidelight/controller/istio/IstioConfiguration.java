/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's configuration, watched and, as to access logs, written. Has a thread of its own, which
 * looks at all of it soon after a change and every few seconds, since what the API server refused
 * may be right later. Started once, closed once.
 */
public final class IstioConfiguration implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(IstioConfiguration.class);

  private static final long LOOK_SECONDS = 10;

  /** Changes come many at a time. */
  private static final long SOON_MILLIS = 100;

  // deps
  private final KubernetesClient client;
  private final IstioSettings settings;
  private final IstioEvents events;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "sidelight-istio");
            made.setDaemon(true);
            return made;
          });
  // state
  private final AtomicBoolean lookDue = new AtomicBoolean();
  private AccessLogWriter accessLogs;
  private Watched<Namespace> namespaces;

  /**
   * Does nothing yet.
   *
   * @param client closed by whoever made it, after this
   * @param settings what is to be configured
   * @param events told of what was written
   */
  public IstioConfiguration(KubernetesClient client, IstioSettings settings, IstioEvents events) {
    this.client = client;
    this.settings = settings;
    this.events = events;
  }

  /** Begins to watch and to write, and does not wait for the API server. */
  public void start() {
    if (!settings.namespaceSelector().isEmpty()) {
      namespaces =
          new Watched<>(
              client.namespaces().withLabelSelector(settings.namespaceSelector()), this::changed);
    }
    accessLogs = new AccessLogWriter(client, settings, events, this::changed);
    thread.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private void changed() {
    if (lookDue.compareAndSet(false, true) && !thread.isShutdown()) {
      thread.schedule(this::look, SOON_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    lookDue.set(false);
    try {
      if (namespaces == null || namespaces.isKnown()) {
        accessLogs.write(places());
      }
    } catch (RuntimeException e) {
      // Otherwise there would be no next time.
      logger.error("looking at Istio's configuration failed", e);
    }
  }

  /** Istio's root namespace holds for all; else each that is observed has its own object. */
  private List<String> places() {
    if (namespaces == null) {
      return List.of(settings.rootNamespace());
    }
    return namespaces.all().stream()
        .map(Namespace::getMetadata)
        .filter(namespace -> namespace.getDeletionTimestamp() == null)
        .map(namespace -> namespace.getName())
        .toList();
  }

  /** What the API server last refused to do for access logs; empty where nothing. */
  String accessLogFailure() {
    return accessLogs.failure();
  }

  /** Our objects stay: a controller that starts again shall find its access logs on. */
  @Override
  public void close() {
    thread.shutdownNow();
    if (accessLogs != null) {
      accessLogs.close();
    }
    if (namespaces != null) {
      namespaces.close();
    }
  }
}
