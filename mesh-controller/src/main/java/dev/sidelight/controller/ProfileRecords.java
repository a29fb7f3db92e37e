/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.Profiling;

/** Network profiles of pods, as the API tells them. Any thread. */
final class ProfileRecords implements Profiling {

  @Override
  public Answer pods() {
    return Answer.json(200, "{\"pods\":[]}".getBytes(UTF_8));
  }

  @Override
  public Answer profiles() {
    return Answer.json(200, "{\"profiles\":[]}".getBytes(UTF_8));
  }

  @Override
  public Answer start(byte[] body) {
    return Answer.json(503, "{\"error\":\"no probe is connected\"}".getBytes(UTF_8));
  }

  @Override
  public Answer profile(String id) {
    return unknown();
  }

  @Override
  public Answer line(String id, String line) {
    return unknown();
  }

  @Override
  public Answer samples(String id) {
    return unknown();
  }

  @Override
  public Answer end(String id) {
    return unknown();
  }

  private static Answer unknown() {
    return Answer.json(404, "{\"error\":\"no such profile\"}".getBytes(UTF_8));
  }
}
