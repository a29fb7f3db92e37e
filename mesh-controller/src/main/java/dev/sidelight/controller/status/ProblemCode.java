/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Locale;

/** Kinds of problems, the ones that explain others first. API.md lists them. */
enum ProblemCode {
  /** Starting or stopping. */
  NOT_READY,
  /** Names of pods may be missing or old. */
  KUBERNETES_NOT_WATCHED,
  /** No Envoy logs to us. */
  NO_ALS_STREAM,
  /** Nobody tells of sockets. */
  NO_PROBE,
  /** One that was connected is away. */
  PROBE_GONE,
  /** Streams, but nothing on them. */
  NO_TRAFFIC,
  /** What proxies sent was not understood. */
  ALS_REFUSED,
  /** What probes sent was not understood. */
  HOP_REFUSED,
  /** Ends that a probe could not give. */
  PROBE_LOST_ENDS,
  /** Batches that never came. */
  BATCHES_MISSING,
  /** The queue before the correlator had no room. */
  ROUTER_OVERFLOW,
  /** Its window had no room. */
  CORRELATOR_FULL,
  /** A programming error. */
  CORRELATOR_FAILED,
  /** Too many calls were not seen in full. */
  COVERAGE_LOW,
  /** Most calls are told by one proxy alone. */
  ONE_SIDED,
  /** Anybody on the network may start profiles. */
  NO_TOKEN;

  /** As in the API. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
