/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/** Where a profile is. */
enum ProfileState {
  /** The probe has not reported yet. */
  PENDING("pending"),
  /** It reports. */
  RUNNING("running"),
  /** By its time, or before. */
  ENDED("ended"),
  /** The probe did not take it. */
  REFUSED("refused");

  private final String key;

  ProfileState(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  boolean isActive() {
    return this == PENDING || this == RUNNING;
  }
}
