/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.istio;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

  // deps
  private final KubernetesClient client;
  private final IstioSettings settings;
  private final MeshServices mesh;
  private final IstioEvents events;
  private final Thread thread = new Thread(this::run, "sidelight-istio");
  // state
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean closed;
  private AccessLogWriter accessLogs;
  private Watched<Namespace> namespaces;
  private IstioWatch watch;
  private volatile List<IstioProblem> problems = List.of();
  private volatile ServiceConfiguration services = ServiceConfiguration.NONE;

  /**
   * Does nothing yet.
   *
   * @param client closed by whoever made it, after this
   * @param settings what is to be configured
   * @param mesh the observed Services; stays the caller's
   * @param events told of what was written
   */
  public IstioConfiguration(
      KubernetesClient client, IstioSettings settings, MeshServices mesh, IstioEvents events) {
    this.client = client;
    this.settings = settings;
    this.mesh = mesh;
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
    watch = new IstioWatch(client, settings, mesh, this::changed);
    thread.setDaemon(true);
    thread.start();
  }

  private void changed() {
    changes.release();
  }

  private void run() {
    try {
      while (!closed) {
        look();
        if (changes.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS)) {
          // Changes come many at a time, and one look sees them all.
          changes.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (namespaces == null || namespaces.isKnown()) {
        accessLogs.write(places());
      }
      services = watch.services();
      problems = ProblemFinder.find(watch.now(accessLogs.failure()));
    } catch (RuntimeException e) {
      // Otherwise there would be no next time. Informers that stop meanwhile may throw, and there
      // need be none.
      if (!closed) {
        logger.error("looking at Istio's configuration failed", e);
      }
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

  /** What is done with calls of each service. Any thread. */
  public ServiceConfiguration services() {
    return services;
  }

  /** What keeps access logs from the controller. Any thread. */
  public List<IstioProblem> problems() {
    return problems;
  }

  /** Our objects stay: a controller that starts again shall find its access logs on. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (accessLogs != null) {
      accessLogs.close();
    }
    if (watch != null) {
      watch.close();
    }
    if (namespaces != null) {
      namespaces.close();
    }
  }
}
