/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Pairs the entries of two proxies that have the link's address and the request id in common, where
 * several do: an app forwards one id to calls that run at once, or a client repeats its own. Calls
 * that overlap are a run; runs belong together that are each other's nearest and equally long, and
 * in them the nth sent is the nth received, as on any connection. What does not agree has no
 * partner.
 */
final class LogPairing {

  private static final String MIRRORED = "-shadow";

  private static final Comparator<Leg> BY_SOURCE =
      Comparator.comparingLong(LogPairing::sentEpochNanos);
  private static final Comparator<Leg> BY_DESTINATION =
      Comparator.comparingLong(leg -> leg.entry.startEpochNanos());

  private LogPairing() {}

  /** Null where none fits, or one cannot tell which; sorts the lists. */
  static Leg partner(Leg leg, List<Leg> sources, List<Leg> destinations) {
    removeMirrored(sources, destinations);
    boolean isMirrored = !leg.isSource() && !destinations.contains(leg);
    if (sources.isEmpty() || destinations.isEmpty() || leg.refusedByLog || isMirrored) {
      return null;
    }
    sources.sort(BY_SOURCE);
    destinations.sort(BY_DESTINATION);
    List<List<Leg>> sent = runs(sources, LogPairing::sentEpochNanos);
    List<List<Leg>> received = runs(destinations, at -> at.entry.startEpochNanos());
    List<Leg> own = runOf(leg, leg.isSource() ? sent : received);
    List<Leg> other = nearest(own, leg.isSource() ? received : sent);
    if (other.size() != own.size() || nearest(other, leg.isSource() ? sent : received) != own) {
      return null;
    }
    Leg partner = other.get(own.indexOf(leg));
    boolean fits = fits(leg.isSource() ? leg : partner, leg.isSource() ? partner : leg);
    return fits && !partner.refusedByLog ? partner : null;
  }

  /**
   * The leg leaves alone: those that overlap with it, and what they might have been paired with,
   * cannot be told apart any more.
   */
  static void refuse(Leg leg, List<Leg> sources, List<Leg> destinations) {
    removeMirrored(sources, destinations);
    boolean isMirrored = !leg.isSource() && !destinations.contains(leg);
    if (sources.size() + destinations.size() <= 2 || isMirrored) {
      return;
    }
    sources.sort(BY_SOURCE);
    destinations.sort(BY_DESTINATION);
    List<List<Leg>> sent = runs(sources, LogPairing::sentEpochNanos);
    List<List<Leg>> received = runs(destinations, at -> at.entry.startEpochNanos());
    List<Leg> own = runOf(leg, leg.isSource() ? sent : received);
    List<List<Leg>> others = leg.isSource() ? received : sent;
    own.forEach(at -> at.refusedByLog = true);
    if (!others.isEmpty() && (own.size() > 1 || nearest(own, others).size() > 1)) {
      nearest(own, others).forEach(at -> at.refusedByLog = true);
    }
  }

  /** A mirrored request carries the original's id, and nobody logs that it was sent. */
  private static void removeMirrored(List<Leg> sources, List<Leg> destinations) {
    destinations.removeIf(
        reached ->
            reached.entry.authority().contains(MIRRORED)
                && sources.stream()
                    .anyMatch(
                        sent ->
                            mirrored(sent.entry.authority()).equals(reached.entry.authority())));
  }

  /** As Envoy names a mirrored request's host. */
  private static String mirrored(String authority) {
    int port = authority.lastIndexOf(':');
    boolean hasPort = port > authority.lastIndexOf(']');
    return hasPort
        ? authority.substring(0, port) + MIRRORED + authority.substring(port)
        : authority + MIRRORED;
  }

  private static List<List<Leg>> runs(List<Leg> legs, ToLongFunction<Leg> begin) {
    List<List<Leg>> runs = new ArrayList<>();
    long endNanos = Long.MIN_VALUE;
    for (Leg leg : legs) {
      if (begin.applyAsLong(leg) > endNanos) {
        runs.add(new ArrayList<>(1));
      }
      runs.get(runs.size() - 1).add(leg);
      endNanos =
          Math.max(endNanos, leg.entry.startEpochNanos() + AccessLogPath.totalNanos(leg.entry));
    }
    return runs;
  }

  private static List<Leg> runOf(Leg leg, List<List<Leg>> runs) {
    return runs.stream().filter(run -> run.contains(leg)).findFirst().orElseThrow();
  }

  private static List<Leg> nearest(List<Leg> run, List<List<Leg>> others) {
    List<Leg> nearest = others.get(0);
    for (List<Leg> other : others) {
      nearest = distanceNanos(run, other) < distanceNanos(run, nearest) ? other : nearest;
    }
    return nearest;
  }

  private static long distanceNanos(List<Leg> run, List<Leg> other) {
    return Math.abs(beginEpochNanos(run.get(0)) - beginEpochNanos(other.get(0)));
  }

  private static long beginEpochNanos(Leg leg) {
    return leg.isSource() ? sentEpochNanos(leg) : leg.entry.startEpochNanos();
  }

  /** When the source sent its request, by its wall clock. */
  static long sentEpochNanos(Leg source) {
    return source.entry.startEpochNanos() + Math.max(0, source.entry.firstUpstreamTxNanos());
  }

  /**
   * Not further apart than the clocks of two nodes may be; and of several attempts the one whose
   * response went on, which may not have come yet.
   */
  private static boolean fits(Leg source, Leg destination) {
    if (source.entry.attemptCount() > 1
        && source.entry.responseCode() != destination.entry.responseCode()) {
      return false;
    }
    long slackNanos = source.entry.durationNanos() + 1_000_000_000L;
    return Math.abs(destination.entry.startEpochNanos() - sentEpochNanos(source)) <= slackNanos;
  }
}
