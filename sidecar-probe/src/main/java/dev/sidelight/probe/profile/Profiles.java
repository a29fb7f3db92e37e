/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.profile;

import dev.sidelight.hop.v1.PodTask;
import dev.sidelight.hop.v1.ProfileReport;
import dev.sidelight.hop.v1.ProfileState;
import dev.sidelight.probe.hop.HopExchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that run. They come and are asked to end from any thread; {@link #isDue} and {@link
 * #report} belong to the one that looks at connections. A task depends on no call to the
 * controller: it goes on without one, and ends by its time.
 */
public final class Profiles implements Consumer<HopExchange> {
  private static final Logger LOG = LoggerFactory.getLogger(Profiles.class);
  private static final int INTERVAL_MILLIS_MIN = 200;
  private static final int INTERVAL_MILLIS_MAX = 60_000;
  private static final int HEADER_VALUES_MAX = 32;

  /** Those that a controller may still ask for. */
  private static final int ENDED_REMEMBERED = 100;

  private record Ended(TaskEnd why, long sequence) {}

  // deps
  private final ProfileSettings settings;
  private final ProfiledPods pods;
  private final Consumer<ProfileReport> reports;
  private final Runnable wake;
  private final LongSupplier nanoTime;
  private final ProfileCounters counters = new ProfileCounters();

  // state
  // An array, since each exchange is held against it.
  private volatile Sampler[] samplers = {};
  private final Map<String, ProfileTask> tasks = new LinkedHashMap<>();
  private final Map<String, Ended> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ended> eldest) {
          return size() > ENDED_REMEMBERED;
        }
      };

  /**
   * No task runs.
   *
   * @param settings what tasks may ask for
   * @param pods what is known of them
   * @param reports takes what is to be sent
   * @param wake has {@link #isDue} and {@link #report} called soon, and again when they are due
   * @param nanoTime CLOCK_MONOTONIC, as in the kernel's records
   */
  public Profiles(
      ProfileSettings settings,
      ProfiledPods pods,
      Consumer<ProfileReport> reports,
      Runnable wake,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.pods = pods;
    this.reports = reports;
    this.wake = wake;
    this.nanoTime = nanoTime;
  }

  /**
   * Begins a task, or answers why not. One that runs goes on; one that has ended is told to have.
   */
  public void begin(PodTask asked) {
    String id = asked.getTaskId();
    synchronized (this) {
      if (tasks.containsKey(id)) {
        return;
      }
      if (ended.containsKey(id)) {
        answerEnded(id);
        return;
      }
      Optional<Refusal> refusal = refusal(asked);
      if (refusal.isPresent()) {
        refuse(id, refusal.get());
        return;
      }
      tasks.put(id, new ProfileTask(asked, sampler(asked), nanoTime.getAsLong()));
      sample(asked.getNetns());
      counters.begun.increment();
    }
    LOG.info("profile {} of pod {} for {} s", id, asked.getNetns(), asked.getDurationSeconds());
    wake.run();
  }

  /** Ends a task before its time; of one that is not here it is said that it has ended. */
  public void end(String id) {
    synchronized (this) {
      ProfileTask task = tasks.get(id);
      if (task == null) {
        ended.putIfAbsent(id, new Ended(TaskEnd.ASKED, 0));
        answerEnded(id);
        return;
      }
      task.end(TaskEnd.ASKED, nanoTime.getAsLong());
    }
    wake.run();
  }

  /** Whether a report is due, for which connections have to be looked at first. */
  public synchronized boolean isDue() {
    return nanosUntilDue().orElse(1) <= 0;
  }

  /** How long until a report is due; empty where no task runs. */
  public synchronized OptionalLong nanosUntilDue() {
    long now = nanoTime.getAsLong();
    return tasks.values().stream().mapToLong(task -> task.dueNanos() - now).min();
  }

  /** Makes the reports that are due; connections have just been looked at. */
  public void report() {
    List<ProfileReport> made = new ArrayList<>();
    synchronized (this) {
      long now = nanoTime.getAsLong();
      for (ProfileTask task : new ArrayList<>(tasks.values())) {
        if (!pods.isPresent(task.netns())) {
          task.end(TaskEnd.POD_GONE, now);
        }
        if (task.dueNanos() - now > 0) {
          continue;
        }
        made.add(task.report(pods, now));
        if (task.end() != null) {
          finish(task);
        }
      }
    }
    made.forEach(counters::told);
    made.forEach(reports);
  }

  /** How many tasks run. */
  synchronized int taskCount() {
    return tasks.size();
  }

  ProfileCounters counters() {
    return counters;
  }

  /** Samples an exchange where a task wants it. */
  @Override
  public void accept(HopExchange exchange) {
    for (Sampler sampler : samplers) {
      if (sampler.netns() == exchange.netns()) {
        sampler.accept(exchange);
      }
    }
  }

  /** Whether exchanges of a pod are sampled, for which their headers are needed; any thread. */
  public boolean isSampling(int netns) {
    for (Sampler sampler : samplers) {
      if (sampler.netns() == netns) {
        return true;
      }
    }
    return false;
  }

  private Optional<Sampler> sampler(PodTask asked) {
    return asked.hasSampling()
        ? Optional.of(
            new Sampler(
                asked.getSampling(), asked.getNetns(), settings.samplesPerSecondMax(), nanoTime))
        : Optional.empty();
  }

  /** A task of this pod has come or gone. */
  private void sample(int netns) {
    samplers =
        tasks.values().stream()
            .map(ProfileTask::sampler)
            .flatMap(Optional::stream)
            .toArray(Sampler[]::new);
    pods.keepWholeHeads(netns, isSampling(netns));
  }

  private void finish(ProfileTask task) {
    tasks.remove(task.id());
    sample(task.netns());
    ended.put(task.id(), new Ended(task.end(), task.close()));
    counters.ended.get(task.end()).increment();
    LOG.info("profile {} ended: {}", task.id(), task.end().label());
  }

  private void answerEnded(String id) {
    Ended known = ended.get(id);
    Ended next = new Ended(known.why(), known.sequence() + 1);
    ended.put(id, next);
    reports.accept(
        ProfileTask.next(id, next.sequence(), next.why())
            .setMonotonicNanos(nanoTime.getAsLong())
            .build());
  }

  private void refuse(String id, Refusal why) {
    counters.refused.get(why).increment();
    LOG.info("profile {} refused: {}", id, why.label());
    reports.accept(
        ProfileReport.newBuilder()
            .setTaskId(id)
            .setSequence(1)
            .setState(ProfileState.REFUSED)
            .setReason(why.label())
            .setMonotonicNanos(nanoTime.getAsLong())
            .build());
  }

  private Optional<Refusal> refusal(PodTask asked) {
    int interval = asked.getIntervalMillis();
    if (asked.getDurationSeconds() == 0) {
      return Optional.of(Refusal.BAD_DURATION);
    }
    if (Integer.compareUnsigned(asked.getDurationSeconds(), settings.secondsMax()) > 0) {
      return Optional.of(Refusal.TOO_LONG);
    }
    if (interval != 0 && (interval < INTERVAL_MILLIS_MIN || interval > INTERVAL_MILLIS_MAX)) {
      return Optional.of(Refusal.BAD_INTERVAL);
    }
    if (!pods.isPresent(asked.getNetns())) {
      return Optional.of(Refusal.UNKNOWN_POD);
    }
    if (tasks.size() >= settings.tasksMax()) {
      return Optional.of(Refusal.TOO_MANY_TASKS);
    }
    List<String> values = asked.getSampling().getHeaderValuesList();
    if (values.size() > HEADER_VALUES_MAX) {
      return Optional.of(Refusal.TOO_MANY_HEADERS);
    }
    return Sampler.lowerCase(values).anyMatch(SampledHead.SECRET::contains)
        ? Optional.of(Refusal.SECRET_HEADER)
        : Optional.empty();
  }
}
