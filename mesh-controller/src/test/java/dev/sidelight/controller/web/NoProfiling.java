/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/** A controller without a probe. */
final class NoProfiling implements Profiling {

  @Override
  public Answer pods() {
    return Answer.text(200, "");
  }

  @Override
  public Answer profiles() {
    return pods();
  }

  @Override
  public Answer start(byte[] body) {
    return pods();
  }

  @Override
  public Answer profile(String id) {
    return pods();
  }

  @Override
  public Answer line(String id, String line) {
    return pods();
  }

  @Override
  public Answer samples(String id) {
    return pods();
  }

  @Override
  public Answer end(String id) {
    return pods();
  }
}
