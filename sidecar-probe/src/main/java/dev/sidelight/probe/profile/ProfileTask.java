/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A task that runs. Guarded by its {@link Profiles}. */
final class ProfileTask {
  static final int INTERVAL_MILLIS = 1000;

  private final PodTask task;
  private final Optional<Sampler> sampler;
  private final long intervalNanos;
  private final long endNanos;
  private ProfiledPods.Traffic traffic;
  private TaskEnd end;
  private long sinceNanos;
  private long dueNanos;
  private long sequence;

  /**
   * Due at once.
   *
   * @param sampler empty where no samples are wanted
   */
  ProfileTask(PodTask task, Optional<Sampler> sampler, long nowNanos) {
    this.task = task;
    this.sampler = sampler;
    intervalNanos =
        TimeUnit.MILLISECONDS.toNanos(
            task.getIntervalMillis() == 0 ? INTERVAL_MILLIS : task.getIntervalMillis());
    endNanos = nowNanos + TimeUnit.SECONDS.toNanos(task.getDurationSeconds());
    sinceNanos = nowNanos;
    dueNanos = nowNanos;
  }

  String id() {
    return task.getTaskId();
  }

  int netns() {
    return task.getNetns();
  }

  Optional<Sampler> sampler() {
    return sampler;
  }

  /** When its next report is due. */
  long dueNanos() {
    return Math.min(dueNanos, endNanos);
  }

  /** It is over, by the next report. */
  void end(TaskEnd why, long nowNanos) {
    if (end == null) {
      end = why;
      dueNanos = nowNanos;
    }
  }

  TaskEnd end() {
    return end;
  }

  /** Of the time since the last one; the first, which is made at once, says what is open. */
  ProfileReport report(ProfiledPods pods, long nowNanos) {
    if (end == null && endNanos - nowNanos <= 0) {
      end = TaskEnd.TIME;
    }
    if (traffic == null) {
      traffic = pods.traffic(netns());
      sinceNanos = nowNanos;
    }
    ProfileReport.Builder report =
        next(id(), ++sequence, end)
            .setMonotonicNanos(nowNanos)
            .setIntervalNanos(nowNanos - sinceNanos);
    traffic.addTo(report);
    sampler.ifPresent(each -> each.addTo(report));
    pods.addProcesses(netns(), report);
    sinceNanos = nowNanos;
    dueNanos = aligned(nowNanos);
    return report.build();
  }

  /** Lets go of the pod; how many reports there were. */
  long close() {
    if (traffic != null) {
      traffic.close();
    }
    return sequence;
  }

  /** What there is to say of a task without telling of its pod. */
  static ProfileReport.Builder next(String id, long sequence, TaskEnd end) {
    ProfileReport.Builder report =
        ProfileReport.newBuilder()
            .setTaskId(id)
            .setSequence(sequence)
            .setState(end == null ? ProfileState.RUNNING : ProfileState.ENDED);
    return end == null ? report : report.setReason(end.label());
  }

  /**
   * A multiple of the interval, so that tasks of the same interval share a look at the connections;
   * no sooner than after half of it.
   */
  private long aligned(long nowNanos) {
    long soonest = nowNanos + intervalNanos / 2;
    return soonest + intervalNanos - 1 - Math.floorMod(soonest - 1, intervalNanos);
  }
}
