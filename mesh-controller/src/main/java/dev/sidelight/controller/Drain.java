/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a controller stops without losing what it has: access logs first, as what the probes have
 * seen of those calls comes a little later; then the probes; then every call that waits is told as
 * it is, and, where somebody scrapes /metrics at all, it is served once more. For the thread that
 * stops it.
 */
final class Drain {

  private static final Logger logger = LoggerFactory.getLogger(Drain.class);

  private static final long CLOSE_MILLIS = 2_000;

  /** A probe holds an end for 300 ms, and sends a batch each 50 ms. */
  private static final long LAST_ENDS_MILLIS = 500;

  /** From a scrape's first series to its last byte. */
  private static final long LAST_SCRAPE_MILLIS = 2_000;

  // deps
  private final Vertx vertx;
  private final CorrelatorThread correlator;

  // state
  private final Scrapes scrapes = new Scrapes();

  Drain(Vertx vertx, CorrelatorThread correlator, CollectorRegistry registry) {
    this.vertx = vertx;
    this.correlator = correlator;
    registry.register(scrapes);
  }

  /**
   * Does so.
   *
   * @param accessLogs deployment of the access log service
   * @param hops deployment of the hop service
   * @param seconds how long a scrape is awaited at most
   */
  void run(String accessLogs, String hops, int seconds) {
    try {
      close(accessLogs);
      Thread.sleep(LAST_ENDS_MILLIS);
      close(hops);
      correlator.drain();
      awaitScrape(seconds);
    } catch (InterruptedException e) {
      // Whoever stops us is in a hurry.
      Thread.currentThread().interrupt();
    }
  }

  private void close(String deployment) {
    try {
      vertx.undeploy(deployment).await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      logger.warn("connections did not close within {} ms", CLOSE_MILLIS);
    }
  }

  private void awaitScrape(int seconds) throws InterruptedException {
    boolean isScraped = scrapes.begun.drainPermits() > 0;
    if (isScraped && scrapes.begun.tryAcquire(seconds, TimeUnit.SECONDS)) {
      Thread.sleep(LAST_SCRAPE_MILLIS);
    } else if (isScraped) {
      logger.warn("no scrape within {} s: the last calls are in no series", seconds);
    }
  }

  /** Adds nothing to a scrape but counts it. */
  private static final class Scrapes extends Collector implements Collector.Describable {
    private final Semaphore begun = new Semaphore(0);

    @Override
    public List<MetricFamilySamples> collect() {
      begun.release();
      return List.of();
    }

    @Override
    public List<MetricFamilySamples> describe() {
      return List.of();
    }
  }
}
