/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import dev.sidelight.controller.profile.Topology.Interval;
import dev.sidelight.hop.v1.HopControl;
import dev.sidelight.hop.v1.Pod;
import dev.sidelight.hop.v1.PodInventory;
import dev.sidelight.hop.v1.ProfileReport;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * All profiles: what clients ask for, what the probes' streams tell, and the bounds. A profile
 * whose time is over ends when somebody looks. Any thread; one lock, which is never held while
 * something is written.
 */
public final class Profiles {

  /** How long after a profile's time its last report may come. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int ID_BYTES = 8;
  private static final int MOST_PODS_PER_NODE = 2048;
  private static final int MOST_ADDRESSES = 64;
  private static final int LONGEST_TEXT = 256;

  /** What a probe may say of a task that it refused or ended; another word counts as other. */
  private static final Set<String> REASONS =
      Set.of(
          "unknown_pod",
          "too_many_tasks",
          "bad_duration",
          "too_long",
          "bad_interval",
          "secret_header",
          "too_many_headers",
          "time",
          "asked",
          "pod_gone");

  // deps
  private final ProfileSettings settings;
  private final ProfileEvents events;
  private final InstantSource clock;
  private final LongSupplier monotonicNanos;
  private final TaskRequestReader requests;
  private final SecureRandom random = new SecureRandom();

  // state
  private final Probes probes = new Probes();
  private final Map<String, Profile> profileById = new LinkedHashMap<>();
  private final Map<String, Long> epochOffsetNanosByNode = new HashMap<>();

  /**
   * None yet.
   *
   * @param settings their bounds
   * @param events what is counted and said
   * @param clock wall clock
   * @param monotonicNanos by which profiles end
   */
  public Profiles(
      ProfileSettings settings,
      ProfileEvents events,
      InstantSource clock,
      LongSupplier monotonicNanos) {
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.monotonicNanos = monotonicNanos;
    requests = new TaskRequestReader(settings.maxDurationSeconds());
  }

  // What probes tell.

  /** A probe's stream has begun; its tasks go over it once it has told of its pods. */
  public synchronized void connected(String node, Consumer<HopControl> control) {
    probes.connected(node, control);
  }

  /** A probe's stream has ended. */
  public synchronized void disconnected(String node, Consumer<HopControl> control) {
    probes.disconnected(node, control);
  }

  /** What a node's clock is ahead of its monotonic one. */
  public synchronized void clock(String node, long epochOffsetNanos) {
    if (probes.of(node) != null) {
      epochOffsetNanosByNode.put(node, epochOffsetNanos);
    }
  }

  /** The pods of a probe, all of them; tasks that run are sent to a probe that has come back. */
  public synchronized void inventory(
      String node, Consumer<HopControl> control, PodInventory inventory) {
    sweep();
    List<ProfiledPod> pods = new ArrayList<>();
    for (Pod pod : inventory.getPodsList()) {
      if (pods.size() == MOST_PODS_PER_NODE) {
        break;
      }
      pods.add(pod(node, pod));
    }
    events.omitted("pod", inventory.getPodsCount() - pods.size());
    if (!probes.tell(node, control, pods)) {
      return;
    }
    Probe probe = probes.of(node);
    long nowNanos = monotonicNanos.getAsLong();
    for (Profile profile : profileById.values()) {
      if (profile.state().isActive()
          && profile.pod().node().equals(node)
          && probe.podByNetns().containsKey(profile.pod().netns())
          && profile.isToBeSentOver(control)) {
        probe.start(profile.toTask(nowNanos));
      }
    }
  }

  private static ProfiledPod pod(String node, Pod pod) {
    return new ProfiledPod(
        node + "/" + Integer.toUnsignedString(pod.getNetns()),
        node,
        pod.getNetns(),
        cut(pod.getName()),
        cut(pod.getNamespace()),
        cut(pod.getWorkload()),
        cut(pod.getApp()),
        cut(pod.getVersion()),
        pod.getAddressesList().stream()
            .limit(MOST_ADDRESSES)
            .map(Profiles::cut)
            .map(Addresses::canonical)
            .toList());
  }

  private static String cut(String text) {
    return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
  }

  /** A probe's report of a task. */
  public synchronized void report(String node, String probeInstanceId, ProfileReport report) {
    sweep();
    try {
      take(node, probeInstanceId, report);
      events.reports("accepted", 1);
    } catch (RefusedException e) {
      events.reportRefused(e.reason(), node, e.getMessage());
    }
    keepWithinBytes();
  }

  private void take(String node, String probeInstanceId, ProfileReport report)
      throws RefusedException {
    Profile profile = profileById.get(report.getTaskId());
    if (profile == null || !profile.pod().node().equals(node)) {
      endUnwanted(node, report);
      throw new RefusedException("unknown_task", "a report of a task that is none of this node");
    }
    switch (report.getState()) {
      case RUNNING -> {
        if (!profile.state().isActive()) {
          endUnwanted(node, report);
          throw new RefusedException("ended", "a report of a task that has ended");
        }
        add(profile, probeInstanceId, report);
      }
      case ENDED -> {
        end(profile, ProfileState.ENDED, reason(report));
        // Of one that the probe has ended before it says no more than that.
        if (report.getIntervalNanos() > 0 || report.getConnectionsCount() > 0) {
          add(profile, probeInstanceId, report);
        }
      }
      case REFUSED -> end(profile, ProfileState.REFUSED, reason(report));
      case PROFILE_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new RefusedException("no_state", "a report without a state");
    }
  }

  /** A controller that has restarted knows nothing of it, nor does one that was asked to end it. */
  private void endUnwanted(String node, ProfileReport report) {
    Probe probe = probes.of(node);
    if (probe != null && report.getState() == dev.sidelight.hop.v1.ProfileState.RUNNING) {
      probe.end(report.getTaskId());
    }
  }

  private void add(Profile profile, String probeInstanceId, ProfileReport report)
      throws RefusedException {
    profile.takeNumber(probeInstanceId, report.getSequence());
    try {
      if (report.getMonotonicNanos() < 0 || report.getIntervalNanos() < 0) {
        throw new RefusedException("impossible_time", "an interval at no time");
      }
      long offsetNanos =
          epochOffsetNanosByNode.getOrDefault(
              profile.pod().node(), clock.millis() * NANOS_PER_MILLI - report.getMonotonicNanos());
      Report read = ReportReader.read(report, nanos -> nanos + offsetNanos);
      long beginNanos = report.getMonotonicNanos() - report.getIntervalNanos() + offsetNanos;
      profile.report(
          read,
          new Interval(
              Math.floorDiv(beginNanos, NANOS_PER_MILLI),
              report.getIntervalNanos() / NANOS_PER_MILLI));
    } catch (RefusedException e) {
      profile.countUnreadable();
      throw e;
    }
  }

  private static String reason(ProfileReport report) {
    return REASONS.contains(report.getReason()) ? report.getReason() : "other";
  }

  private void end(Profile profile, ProfileState how, String why) {
    profile.end(how, why, clock.millis(), monotonicNanos.getAsLong());
  }

  // Bounds.

  private void sweep() {
    long nowNanos = monotonicNanos.getAsLong();
    for (Profile profile : profileById.values()) {
      long grace = GRACE_NANOS + profile.request().intervalMillis() * NANOS_PER_MILLI;
      if (profile.state().isActive() && profile.overdueNanos(nowNanos) > grace) {
        end(profile, ProfileState.ENDED, whyUntold(profile));
      }
    }
    long keepNanos = TimeUnit.SECONDS.toNanos(settings.keepSeconds());
    profileById
        .values()
        .removeIf(
            profile -> !profile.state().isActive() && nowNanos - profile.endNanos() > keepNanos);
    while (ended().size() > settings.maxEnded()) {
      dropOldestEnded();
    }
  }

  /** Its probe has not said that it ended. */
  private String whyUntold(Profile profile) {
    Probe probe = probes.of(profile.pod().node());
    if (probe == null || !probe.isReady()) {
      return "probe_gone";
    }
    if (!probe.podByNetns().containsKey(profile.pod().netns())) {
      return "pod_gone";
    }
    return profile.reports() == 0 ? "silent" : "time";
  }

  private List<Profile> ended() {
    return profileById.values().stream().filter(profile -> !profile.state().isActive()).toList();
  }

  private void dropOldestEnded() {
    ended().stream()
        .min(Comparator.comparingLong(Profile::endNanos))
        .ifPresent(oldest -> profileById.remove(oldest.id()));
    events.omitted("profile", 1);
  }

  private void keepWithinBytes() {
    while (bytesHeld() > settings.maxBytes()) {
      if (!ended().isEmpty()) {
        dropOldestEnded();
        continue;
      }
      Optional<Profile> largest =
          profileById.values().stream().max(Comparator.comparingLong(Profile::bytes));
      if (largest.isEmpty() || !largest.get().forgetOldestInterval()) {
        return;
      }
    }
  }

  private long bytesHeld() {
    return profileById.values().stream().mapToLong(Profile::bytes).sum();
  }

  // What clients ask.

  /** The pods of the probes that are there. */
  public ProfileAnswer pods() {
    List<ProfiledPod> pods;
    Map<String, String> profileByPod;
    synchronized (this) {
      sweep();
      pods = probes.pods();
      profileByPod = profileByPod();
    }
    return new ProfileAnswer(200, ProfileJson.pods(pods, profileByPod));
  }

  private Map<String, String> profileByPod() {
    Map<String, String> profileByPod = new HashMap<>();
    for (Profile profile : profileById.values()) {
      if (profile.state().isActive()) {
        profileByPod.put(profile.pod().id(), profile.id());
      }
    }
    return profileByPod;
  }

  /** All that are held, the last started first. */
  public ProfileAnswer profiles() {
    List<ProfileView> views = new ArrayList<>();
    synchronized (this) {
      sweep();
      profileById.values().forEach(profile -> views.add(0, view(profile)));
    }
    return new ProfileAnswer(200, ProfileJson.profiles(views));
  }

  /** Starts one; the body is a client's. */
  public ProfileAnswer start(byte[] body) {
    TaskRequest request;
    try {
      request = requests.read(body);
    } catch (BadRequestException e) {
      events.requested("refused", "bad_request");
      return new ProfileAnswer(400, ProfileJson.error(e.getMessage(), "parameter", e.parameter()));
    }
    synchronized (this) {
      sweep();
      ProfiledPod pod = probes.find(request.pod());
      return pod == null ? unknownPod() : start(request, pod);
    }
  }

  private ProfileAnswer unknownPod() {
    return probes.isAnyReady()
        ? refused(404, "unknown_pod", "no probe tells of such a pod: see /api/v1/pods")
        : refused(503, "no_probe", "no probe is connected");
  }

  private ProfileAnswer start(TaskRequest request, ProfiledPod pod) {
    Map<String, String> profileByPod = profileByPod();
    String running = profileByPod.get(pod.id());
    if (running != null) {
      events.requested("refused", "already_runs");
      String message = "a profile runs for that pod; it ends by itself, or by DELETE";
      return new ProfileAnswer(409, ProfileJson.error(message, "profile", running));
    }
    Probe probe = probes.of(pod.node());
    if (!probe.isReady()) {
      return refused(503, "no_probe", "the probe of node " + pod.node() + " is not connected");
    }
    if (profileByPod.size() >= settings.maxTasks()) {
      return refused(
          429,
          "too_many_tasks",
          profileByPod.size() + " profiles run, as many as profile.maxTasks");
    }
    long nowNanos = monotonicNanos.getAsLong();
    Profile profile =
        new Profile(newId(), pod, request, clock.millis(), nowNanos, settings, events, probes::at);
    profileById.put(profile.id(), profile);
    profile.isToBeSentOver(probe.stream());
    probe.start(profile.toTask(nowNanos));
    events.requested("started", "");
    return new ProfileAnswer(201, ProfileJson.profile(view(profile)));
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private ProfileAnswer refused(int statusCode, String reason, String message) {
    events.requested("refused", reason);
    return error(statusCode, message);
  }

  private static ProfileAnswer error(int statusCode, String message) {
    return new ProfileAnswer(statusCode, ProfileJson.error(message, "", ""));
  }

  private static ProfileAnswer unknown() {
    return error(404, "no such profile: see /api/v1/profiles");
  }

  /** One with its topology. */
  public ProfileAnswer profile(String id) {
    ProfileView view;
    TopologyView topology;
    synchronized (this) {
      sweep();
      Profile profile = profileById.get(id);
      if (profile == null) {
        return unknown();
      }
      view = view(profile);
      topology = TopologyView.of(profile.topology(), "");
    }
    return new ProfileAnswer(200, ProfileJson.profile(view, topology));
  }

  /** One line by interval. */
  public ProfileAnswer line(String id, String line) {
    TopologyView topology;
    int intervalMillis;
    synchronized (this) {
      sweep();
      Profile profile = profileById.get(id);
      if (profile == null) {
        return unknown();
      }
      topology = TopologyView.of(profile.topology(), line);
      intervalMillis = profile.request().intervalMillis();
    }
    for (Map.Entry<LineKey, Line> entry : topology.lines().entrySet()) {
      if (entry.getKey().id().equals(line)) {
        return new ProfileAnswer(
            200,
            ProfileJson.line(
                entry.getKey(), entry.getValue(), topology.intervals(), intervalMillis));
      }
    }
    return error(404, "no such line in this profile");
  }

  /** The exchanges that were told singly. */
  public ProfileAnswer samples(String id) {
    List<Sample> samples;
    synchronized (this) {
      sweep();
      Profile profile = profileById.get(id);
      if (profile == null) {
        return unknown();
      }
      samples = profile.samples();
    }
    return new ProfileAnswer(200, ProfileJson.samples(samples));
  }

  /** Ends one. */
  public synchronized ProfileAnswer end(String id) {
    sweep();
    Profile profile = profileById.get(id);
    if (profile == null) {
      return unknown();
    }
    if (profile.state().isActive()) {
      end(profile, ProfileState.ENDED, "asked");
      Probe probe = probes.of(profile.pod().node());
      if (probe != null) {
        probe.end(id);
      }
    }
    return new ProfileAnswer(200, ProfileJson.profile(view(profile)));
  }

  private ProfileView view(Profile profile) {
    return ProfileView.of(profile, monotonicNanos.getAsLong());
  }

  // What is held.

  /** How many in each state. */
  public synchronized Map<String, Integer> countByState() {
    sweep();
    Map<String, Integer> counts = new TreeMap<>();
    for (ProfileState state : ProfileState.values()) {
      counts.put(state.key(), 0);
    }
    profileById.values().forEach(profile -> counts.merge(profile.state().key(), 1, Integer::sum));
    return counts;
  }

  /** Pods of the probes that are there. */
  public synchronized int podCount() {
    return probes.podCount();
  }

  /** Heap, estimated. */
  public synchronized long bytes() {
    return bytesHeld();
  }
}
