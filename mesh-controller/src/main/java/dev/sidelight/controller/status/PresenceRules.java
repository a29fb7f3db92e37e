/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who ought to be there and is not. */
final class PresenceRules {

  /** A probe that comes back within this is not missed. */
  private static final long GONE_MILLIS = 10_000;

  private static final int MOST_NAMED = 5;

  private PresenceRules() {}

  static Optional<Problem> notReady(Status status) {
    if (status.ready()) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.NOT_READY,
        "The controller is starting or stopping.",
        "Wait for 200 of GET /readyz; where it does not come, the controller's log says why.");
  }

  static Optional<Problem> noAlsStream(Status status) {
    if (status.alsStreams() > 0) {
      return Optional.empty();
    }
    Listening listening = status.listening();
    String where =
        listening.alsHost()
            + ":"
            + listening.alsPort()
            + (listening.alsSocketPath() == null ? "" : " or " + listening.alsSocketPath());
    return ProblemRules.problem(
        ProblemCode.NO_ALS_STREAM,
        "No Envoy sends access logs to "
            + where
            + (status.proxies().isEmpty()
                ? ", and none has since the start " + age(status, status.startEpochMillis())
                : "; the last one left "
                    + age(status, latest(status.proxies()).changedEpochMillis()))
            + ".",
        "An Envoy opens its stream with its first request: send one. "
            + (listening.meshFile() == null
                ? "Without Sidelight's xDS, name "
                    + listening.alsPort()
                    + " of this controller as access log service: in Istio by"
                    + " meshConfig.extensionProviders (envoyHttpAls) and a Telemetry that names it."
                : "The Envoys are those of "
                    + listening.meshFile()
                    + "; the local mesh starts them by samples/bookinfo/local/mesh up.")
            + reach("als.host", listening.alsHost(), "proxies"));
  }

  static Optional<Problem> noProbe(Status status) {
    if (status.hasProbe()) {
      return Optional.empty();
    }
    Listening listening = status.listening();
    String last =
        status.probes().isEmpty()
            ? "."
            : "; the last one, on "
                + latest(status.probes()).name()
                + ", left "
                + age(status, latest(status.probes()).changedEpochMillis())
                + ".";
    return ProblemRules.problem(
        ProblemCode.NO_PROBE,
        "No probe is connected to "
            + listening.hopHost()
            + ":"
            + listening.hopPort()
            + ", so network and application cannot be told apart: there are Envoy's times alone"
            + last,
        "On each node: java @jvm.options -jar sidecar-probe.jar --controller.host=HOST"
            + " --controller.hopPort="
            + listening.hopPort()
            + ". Where it runs, its log says why it does not connect."
            + reach("hop.host", listening.hopHost(), "probes"));
  }

  static Optional<Problem> probeGone(Status status) {
    List<Peers.Peer> gone =
        status.probes().stream()
            .filter(probe -> !probe.isConnected())
            .filter(probe -> status.nowEpochMillis() - probe.changedEpochMillis() >= GONE_MILLIS)
            .toList();
    if (gone.isEmpty() || !status.hasProbe()) {
      return Optional.empty();
    }
    String names =
        gone.stream()
            .limit(MOST_NAMED)
            .map(probe -> probe.name() + " (" + age(status, probe.changedEpochMillis()) + ")")
            .collect(Collectors.joining(", "));
    return ProblemRules.problem(
        ProblemCode.PROBE_GONE,
        "Probes that were connected have left: "
            + names
            + (gone.size() > MOST_NAMED ? " and " + (gone.size() - MOST_NAMED) + " more" : "")
            + ". Calls of their nodes are not seen in full.",
        "Start the probe there again, or see in its log why it does not connect. A node that was"
            + " removed is forgotten after an hour.");
  }

  static Optional<Problem> noTraffic(Status status) {
    String entries = "sidelight_als_entries_total";
    if (status.alsStreams() == 0
        || status.recent().sum(entries) > 0
        || status.recent().sum(CallCounts.NAME) > 0) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.NO_TRAFFIC,
        "Access log streams are open ("
            + status.alsStreams()
            + "), but not one entry came in the last minute: nothing was called.",
        (status.listening().meshFile() == null
                ? "Send a request through the mesh."
                : "Send a request through the mesh; in the local one: samples/bookinfo/local/mesh"
                    + " traffic 50 30.")
            + " Where there are some, see whether a filter keeps them"
            + " out of the access log (Telemetry: accessLogging.filter).");
  }

  static Optional<Problem> noToken(Status status) {
    String host = status.listening().httpHost();
    if (status.tokenNeeded() || Listening.isLoopback(host)) {
      return Optional.empty();
    }
    return ProblemRules.problem(
        ProblemCode.NO_TOKEN,
        "The API listens on " + host + " and has no token: whoever reaches it may start profiles.",
        "Start the controller with --api.tokenFile=FILE, or with --http.host=127.0.0.1.");
  }

  private static String reach(String setting, String host, String who) {
    return Listening.isLoopback(host)
        ? " "
            + setting
            + " is "
            + host
            + ", which only "
            + who
            + " on this machine reach: --"
            + setting
            + "=0.0.0.0 opens it."
        : "";
  }

  private static Peers.Peer latest(List<Peers.Peer> peers) {
    return peers.stream()
        .max(Comparator.comparingLong(Peers.Peer::changedEpochMillis))
        .orElseThrow();
  }

  private static String age(Status status, long epochMillis) {
    return Math.max(0, (status.nowEpochMillis() - epochMillis) / 1_000) + " s ago";
  }
}
