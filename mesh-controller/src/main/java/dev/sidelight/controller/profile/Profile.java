/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.controller.profile.Topology.Interval;
import dev.sidelight.hop.v1.PodTask;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One profile: the task and what came of it. Guarded by the profiles' lock. */
final class Profile {

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int BYTES = 2_000;

  /** What is not held; all of them grow only. */
  static final class Omitted {
    long reports;
    long connections;
    long processes;
    long samples;
    long intervals;
  }

  // deps
  private final String id;
  private final ProfiledPod pod;
  private final TaskRequest request;
  private final long startEpochMillis;
  private final long deadlineNanos;
  private final ProfileSettings settings;
  private final ProfileEvents events;
  private final Topology topology;

  // state
  private final Deque<Sample> samples = new ArrayDeque<>();
  private final Map<String, Long> unconnectedDrops = new TreeMap<>();
  private final Omitted omitted = new Omitted();
  private ProfileState state = ProfileState.PENDING;
  private String reason = "";
  private long endEpochMillis;
  private long endNanos;
  private int reports;
  private String probeInstanceId = "";
  private long lastSequence;
  private long samplesBytes;
  private Object sentOver;

  /**
   * A task that has just been asked for.
   *
   * @param nowNanos from which it lasts
   * @param podAt whose address something is, or null
   */
  Profile(
      String id,
      ProfiledPod pod,
      TaskRequest request,
      long startEpochMillis,
      long nowNanos,
      ProfileSettings settings,
      ProfileEvents events,
      Function<String, ProfiledPod> podAt) {
    this.id = id;
    this.pod = pod;
    this.request = request;
    this.startEpochMillis = startEpochMillis;
    this.deadlineNanos = nowNanos + request.durationSeconds() * NANOS_PER_SECOND;
    this.settings = settings;
    this.events = events;
    topology = new Topology(pod.id(), settings.maxLines(), podAt);
  }

  /** For the probe, with what remains of its time; a second at the least. */
  PodTask toTask(long nowNanos) {
    return request.toTask(id, pod.netns(), Math.max(1, remainingSeconds(nowNanos)));
  }

  /** Rounded up, 0 where it is over. */
  int remainingSeconds(long nowNanos) {
    long left = deadlineNanos - nowNanos + NANOS_PER_SECOND - 1;
    return (int) Math.max(0, left / NANOS_PER_SECOND);
  }

  /** How far its time is over, in nanoseconds; negative before. */
  long overdueNanos(long nowNanos) {
    return nowNanos - deadlineNanos;
  }

  /** Whether it has to be sent over this stream; true once a stream. */
  boolean isToBeSentOver(Object stream) {
    boolean is = sentOver != stream;
    sentOver = stream;
    return is;
  }

  /**
   * Whether a report is the next one, and how many are missing before it. One that comes again, or
   * too late, is refused.
   */
  void takeNumber(String instanceId, long sequence) throws RefusedException {
    // A probe that has restarted begins anew.
    long last = instanceId.equals(probeInstanceId) ? lastSequence : 0;
    if (sequence <= last) {
      throw new RefusedException("repeated", "report " + sequence + " after " + last);
    }
    long missing = sequence - last - 1;
    probeInstanceId = instanceId;
    lastSequence = sequence;
    if (missing > 0) {
      omitted.reports += missing;
      events.reports("missing", missing);
    }
  }

  /** One that was to be told came, and cannot be read. */
  void countUnreadable() {
    omitted.reports++;
  }

  /** Takes what a probe told of an interval. */
  void report(Report report, Interval interval) {
    if (state == ProfileState.PENDING) {
      state = ProfileState.RUNNING;
    }
    reports++;
    long merged = topology.mergedConnections();
    topology.report(reports, interval, report);
    omit("line", topology.mergedConnections() - merged);
    report.drops().forEach((why, packets) -> unconnectedDrops.merge(why, packets, Long::sum));
    omitted.connections += omit("connection", report.omitted().connections());
    omitted.processes += omit("process", report.omitted().processes());
    omitted.samples += omit("sample", report.omitted().samples());
    report.samples().forEach(this::keep);
    while (topology.intervalCount() > settings.maxIntervals()) {
      forgetOldestInterval();
    }
  }

  private void keep(Sample told) {
    Set<String> allowed =
        request.sampling() == null ? Set.of() : Set.copyOf(request.sampling().headerValues());
    Sample sample = told.withValuesOf(allowed);
    omit("header_value", told.valueCount() - sample.valueCount());
    samples.addFirst(sample);
    samplesBytes += sample.bytes();
    while (samples.size() > settings.maxSamples()) {
      samplesBytes -= samples.removeLast().bytes();
      omitted.samples += omit("kept_sample", 1);
    }
  }

  private long omit(String what, long count) {
    if (count > 0) {
      events.omitted(what, count);
    }
    return count;
  }

  /**
   * Forgets the course of the oldest interval.
   *
   * @return false where there is none
   */
  boolean forgetOldestInterval() {
    boolean forgot = topology.forgetOldestInterval();
    if (forgot) {
      omitted.intervals += omit("interval", 1);
    }
    return forgot;
  }

  /** It is over, unless it was before. */
  void end(ProfileState how, String why, long epochMillis, long nowNanos) {
    if (state.isActive()) {
      state = how;
      reason = why;
      endEpochMillis = epochMillis;
      endNanos = nowNanos;
      events.ended(why);
    }
  }

  String id() {
    return id;
  }

  ProfiledPod pod() {
    return pod;
  }

  TaskRequest request() {
    return request;
  }

  long startEpochMillis() {
    return startEpochMillis;
  }

  /** Where it is over. */
  long endEpochMillis() {
    return endEpochMillis;
  }

  /** Where it is over. */
  long endNanos() {
    return endNanos;
  }

  ProfileState state() {
    return state;
  }

  /** Empty where it is not over. */
  String reason() {
    return reason;
  }

  int reports() {
    return reports;
  }

  Omitted omitted() {
    return omitted;
  }

  Map<String, Long> unconnectedDrops() {
    return unconnectedDrops;
  }

  Topology topology() {
    return topology;
  }

  /** The newest first; a copy. */
  List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Heap, estimated. */
  long bytes() {
    return BYTES + topology.bytes() + samplesBytes;
  }
}
