/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.metrics.ProfileMetrics;
import dev.sidelight.controller.profile.ProfileAnswer;
import dev.sidelight.controller.profile.ProfileEvents;
import dev.sidelight.controller.profile.ProfileSettings;
import dev.sidelight.controller.profile.Profiles;
import dev.sidelight.controller.web.Answer;
import dev.sidelight.controller.web.Profiling;
import io.prometheus.client.CollectorRegistry;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Network profiles of pods: counts what happens to them, and hands their answers to the API. Any
 * thread.
 */
final class ProfileRecords implements ProfileEvents, Profiling {

  private static final String SERVICE = "hop";

  // deps
  private final ProfileMetrics metrics;
  private final RefusalLog log;
  private final Profiles profiles;

  ProfileRecords(
      CollectorRegistry registry,
      ProfileSettings settings,
      InstantSource clock,
      LongSupplier monotonicNanos,
      RefusalLog log) {
    this.log = log;
    metrics = new ProfileMetrics(registry);
    profiles = new Profiles(settings, this, clock, monotonicNanos);
    ProfileMetrics.registerHeld(
        registry, profiles::countByState, profiles::podCount, profiles::bytes);
  }

  /** Where the probes' streams go. */
  Profiles profiled() {
    return profiles;
  }

  @Override
  public void requested(String outcome, String reason) {
    metrics.requested(outcome, reason);
  }

  @Override
  public void ended(String reason) {
    metrics.ended(reason);
  }

  @Override
  public void reports(String outcome, long count) {
    metrics.reports(outcome, "", count);
  }

  @Override
  public void reportRefused(String reason, String node, String detail) {
    metrics.reports("refused", reason, 1);
    log.say(SERVICE, "report of a profile refused", reason, "probe on " + node, detail);
  }

  @Override
  public void omitted(String what, long count) {
    metrics.omitted(what, count);
  }

  @Override
  public Answer pods() {
    return answer(profiles.pods());
  }

  @Override
  public Answer profiles() {
    return answer(profiles.profiles());
  }

  @Override
  public Answer start(byte[] body) {
    return answer(profiles.start(body));
  }

  @Override
  public Answer profile(String id) {
    return answer(profiles.profile(id));
  }

  @Override
  public Answer line(String id, String line) {
    return answer(profiles.line(id, line));
  }

  @Override
  public Answer samples(String id) {
    return answer(profiles.samples(id));
  }

  @Override
  public Answer end(String id) {
    return answer(profiles.end(id));
  }

  private static Answer answer(ProfileAnswer answer) {
    return Answer.json(answer.statusCode(), answer.json());
  }
}
