/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * What profiles tell their owner. Called under the profiles' lock: nothing here may block or throw.
 * Reasons are label values of a small fixed set.
 */
public interface ProfileEvents {

  /** A profile was asked for: started, or refused for a reason. */
  void requested(String outcome, String reason);

  /** A profile ended or was refused by the probe. */
  void ended(String reason);

  /** Reports were accepted, or are missing. */
  void reports(String outcome, long count);

  /** A report was refused. */
  void reportRefused(String reason, String node, String detail);

  /** Something is not held. */
  void omitted(String what, long count);
}
