/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/**
 * The answers of {@code /api/v1/pods} and {@code /api/v1/profiles}. Called on worker threads; who
 * may write has been checked.
 */
public interface Profiling {

  /** The pods of the connected probes. */
  Answer pods();

  /** All profiles that are held. */
  Answer profiles();

  /** Starts one; the body is what the client sent, of any content. */
  Answer start(byte[] body);

  /** One profile with its topology. */
  Answer profile(String id);

  /** One line of its topology, by interval. */
  Answer line(String id, String line);

  /** The exchanges that were told singly. */
  Answer samples(String id);

  /** Ends one. */
  Answer end(String id);
}
