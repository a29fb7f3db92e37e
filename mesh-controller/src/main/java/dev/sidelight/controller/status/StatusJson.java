/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sidelight.correlator.Coverage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes the status and its problems. Keys come in a fixed order. Any thread. */
public final class StatusJson {

  private static final JsonFactory JSON = new JsonFactory();

  private static final int MOST_PROXIES = 100;

  private StatusJson() {}

  /** JSON, UTF-8. */
  public static byte[] write(Status status) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("version", status.version());
      json.writeNumberField("startEpochMillis", status.startEpochMillis());
      json.writeBooleanField("ready", status.ready());
      json.writeNumberField("windowSeconds", RecentCounters.WINDOW_SECONDS);
      writeAls(json, status);
      writeProbes(json, status);
      writeCluster(json, status.cluster());
      writeCorrelator(json, status);
      writeCoverage(json, status);
      writeProblems(json, ProblemRules.apply(status));
      json.writeStringField("authentication", status.tokenNeeded() ? "token" : "none");
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeAls(JsonGenerator json, Status status) throws IOException {
    json.writeObjectFieldStart("als");
    json.writeNumberField("streams", status.alsStreams());
    List<String> connected =
        status.proxies().stream().filter(Peers.Peer::isConnected).map(Peers.Peer::name).toList();
    json.writeArrayFieldStart("proxies");
    for (String proxy : connected.subList(0, Math.min(connected.size(), MOST_PROXIES))) {
      json.writeString(proxy);
    }
    json.writeEndArray();
    if (connected.size() > MOST_PROXIES) {
      json.writeNumberField("proxiesOmitted", connected.size() - MOST_PROXIES);
    }
    writeCounts(json, "entries", status.total().byNextLabel("sidelight_als_entries_total"));
    writeCounts(json, "recentEntries", status.recent().byNextLabel("sidelight_als_entries_total"));
    json.writeEndObject();
  }

  private static void writeProbes(JsonGenerator json, Status status) throws IOException {
    json.writeArrayFieldStart("probes");
    for (Peers.Peer probe : status.probes()) {
      json.writeStartObject();
      json.writeStringField("node", probe.name());
      json.writeBooleanField("connected", probe.isConnected());
      json.writeNumberField("sinceEpochMillis", probe.changedEpochMillis());
      String ends = "sidelight_hop_probe_ends_total";
      json.writeNumberField("endsSeen", status.total().sum(ends, probe.name(), "seen"));
      json.writeNumberField("endsSent", status.total().sum(ends, probe.name(), "sent"));
      writeCounts(json, "endsLost", status.total().byNextLabel(ends, probe.name(), "lost"));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeCluster(JsonGenerator json, ClusterStatus cluster) throws IOException {
    if (cluster == null) {
      return;
    }
    json.writeObjectFieldStart("kubernetes");
    json.writeStringField("server", cluster.server());
    json.writeBooleanField("watching", cluster.complaints().isEmpty());
    json.writeObjectFieldStart("objects");
    for (Map.Entry<String, Integer> kind : cluster.objects().entrySet()) {
      json.writeNumberField(kind.getKey(), kind.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeCorrelator(JsonGenerator json, Status status) throws IOException {
    json.writeObjectFieldStart("correlator");
    json.writeObjectFieldStart("pending");
    json.writeNumberField("entries", status.pendingEntries());
    json.writeNumberField("ends", status.pendingEnds());
    json.writeEndObject();
    writeCounts(json, "overflow", status.total().byNextLabel("sidelight_router_overflow_total"));
    json.writeNumberField("failures", status.total().sum("sidelight_correlator_failures_total"));
    json.writeEndObject();
  }

  private static void writeCoverage(JsonGenerator json, Status status) throws IOException {
    json.writeObjectFieldStart("coverage");
    for (Coverage coverage : Coverage.values()) {
      json.writeNumberField(coverage.key(), status.recent().sum(CallCounts.NAME, coverage.key()));
    }
    json.writeEndObject();
  }

  private static void writeProblems(JsonGenerator json, List<Problem> problems) throws IOException {
    json.writeArrayFieldStart("problems");
    for (Problem problem : problems) {
      json.writeStartObject();
      json.writeStringField("code", problem.code());
      json.writeStringField("message", problem.message());
      json.writeStringField("fix", problem.fix());
      if (problem.isCommand()) {
        json.writeBooleanField("command", true);
      }
      if (problem.isInformation()) {
        json.writeBooleanField("information", true);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeCounts(JsonGenerator json, String field, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
