/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.hop.v1.ExchangeSampling;
import dev.sidelight.hop.v1.PodTask;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a client asked for.
 *
 * @param pod id, or NAMESPACE/NAME
 * @param durationSeconds how long
 * @param intervalMillis between two reports
 * @param sampling null: no exchange is told singly
 */
record TaskRequest(String pod, int durationSeconds, int intervalMillis, Sampling sampling) {

  /**
   * Which exchanges are told singly.
   *
   * @param slowMillis those that take so long; 0: none for that
   * @param clientErrors 4xx
   * @param serverErrors 5xx
   * @param headerValues names, in lower case, of headers whose values may be told
   */
  record Sampling(
      int slowMillis, boolean clientErrors, boolean serverErrors, List<String> headerValues) {

    /** Copies the names. */
    Sampling {
      headerValues = List.copyOf(headerValues);
    }
  }

  /** For the probe. */
  PodTask toTask(String id, int netns, int remainingSeconds) {
    PodTask.Builder task =
        PodTask.newBuilder()
            .setTaskId(id)
            .setNetns(netns)
            .setDurationSeconds(remainingSeconds)
            .setIntervalMillis(intervalMillis);
    if (sampling != null) {
      task.setSampling(
          ExchangeSampling.newBuilder()
              .setSlowNanos(TimeUnit.MILLISECONDS.toNanos(sampling.slowMillis()))
              .setClientErrors(sampling.clientErrors())
              .setServerErrors(sampling.serverErrors())
              .addAllHeaderValues(sampling.headerValues()));
    }
    return task.build();
  }
}
