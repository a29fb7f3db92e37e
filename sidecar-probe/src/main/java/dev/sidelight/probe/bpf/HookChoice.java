/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way taken to each hook on this kernel.
 *
 * @param taken the way of each hook that has one
 * @param passedOver better ways that the kernel lacks or refuses, and all those of a hook without a
 *     way
 */
record HookChoice(Map<Hook, HookWay> taken, List<HookReport> passedOver) {

  /**
   * Chooses.
   *
   * @param trial asks the kernel
   * @param readTiming which ways to the beginning of a read are wanted
   * @param careful whether each program is tried alone, and not only the doubtful ones
   */
  static HookChoice of(HookTrial trial, ReadTiming readTiming, boolean careful) {
    Map<Hook, HookWay> taken = new EnumMap<>(Hook.class);
    List<HookReport> passedOver = new ArrayList<>();
    for (Hook hook : Hook.values()) {
      for (HookWay way : hook.ways()) {
        if (hook == Hook.READ_ENTRY && !readTiming.permits(way)) {
          continue;
        }
        Optional<HookState> flaw = flaw(trial, way, careful);
        if (flaw.isEmpty()) {
          taken.put(hook, way);
          break;
        }
        passedOver.add(new HookReport(hook, way, flaw.get()));
      }
    }
    return new HookChoice(taken, passedOver);
  }

  private static Optional<HookState> flaw(HookTrial trial, HookWay way, boolean careful) {
    if (!trial.has(way)) {
      return Optional.of(HookState.ABSENT);
    }
    boolean inDoubt = careful || way.isDoubtful();
    return inDoubt && !trial.takes(way) ? Optional.of(HookState.REFUSED) : Optional.empty();
  }
}
