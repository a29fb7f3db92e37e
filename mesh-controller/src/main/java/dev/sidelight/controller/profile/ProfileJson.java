/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.sidelight.controller.profile.Sample.Header;
import dev.sidelight.controller.profile.TaskRequest.Sampling;
import dev.sidelight.controller.profile.Topology.Interval;
import dev.sidelight.controller.profile.Topology.Processes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the answers. Keys come in a fixed order; what was not measured is left out. Any thread.
 */
final class ProfileJson {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private ProfileJson() {}

  /** Writes something into an object. */
  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static byte[] object(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      content.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** What went wrong, and one thing more where its name is not empty. */
  static byte[] error(String message, String field, String value) {
    return object(
        json -> {
          json.writeStringField("error", message);
          if (!value.isEmpty()) {
            json.writeStringField(field, value);
          }
        });
  }

  static byte[] pods(List<ProfiledPod> pods, Map<String, String> profileByPod) {
    return object(
        json -> {
          json.writeArrayFieldStart("pods");
          for (ProfiledPod pod : pods) {
            json.writeStartObject();
            writePod(json, pod);
            if (profileByPod.containsKey(pod.id())) {
              json.writeStringField("profile", profileByPod.get(pod.id()));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static byte[] profiles(List<ProfileView> profiles) {
    return object(
        json -> {
          json.writeArrayFieldStart("profiles");
          for (ProfileView profile : profiles) {
            json.writeStartObject();
            writeProfile(json, profile);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static byte[] profile(ProfileView profile) {
    return object(json -> writeProfile(json, profile));
  }

  static byte[] profile(ProfileView profile, TopologyView topology) {
    return object(
        json -> {
          writeProfile(json, profile);
          json.writeObjectFieldStart("topology");
          Set<Node> nodes = nodes(topology);
          writeProcesses(json, nodes, topology.processes());
          writeRemotes(json, nodes);
          json.writeArrayFieldStart("lines");
          for (Map.Entry<LineKey, Line> entry : topology.lines().entrySet()) {
            json.writeStartObject();
            writeLine(json, entry.getKey());
            json.writeNumberField("connections", entry.getValue().connections());
            json.writeNumberField("open", entry.getValue().open());
            json.writeObjectFieldStart("sides");
            writeSide(json, "client", entry.getValue().client());
            writeSide(json, "server", entry.getValue().server());
            json.writeEndObject();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static byte[] line(LineKey key, Line line, Map<Integer, Interval> intervals, int intervalMillis) {
    return object(
        json -> {
          writeLine(json, key);
          json.writeNumberField("intervalMillis", intervalMillis);
          writeCourse(json, "client", line.client(), intervals);
          writeCourse(json, "server", line.server(), intervals);
        });
  }

  static byte[] samples(List<Sample> samples) {
    return object(
        json -> {
          json.writeArrayFieldStart("samples");
          for (Sample sample : samples) {
            json.writeStartObject();
            writeSample(json, sample);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void writePod(JsonGenerator json, ProfiledPod pod) throws IOException {
    json.writeStringField("id", pod.id());
    json.writeStringField("node", pod.node());
    writeKnown(json, "name", pod.name());
    writeKnown(json, "namespace", pod.namespace());
    writeKnown(json, "workload", pod.workload());
    writeKnown(json, "app", pod.app());
    writeKnown(json, "version", pod.version());
    json.writeArrayFieldStart("addresses");
    for (String address : pod.addresses()) {
      json.writeString(address);
    }
    json.writeEndArray();
  }

  private static void writeProfile(JsonGenerator json, ProfileView profile) throws IOException {
    boolean active = profile.state().isActive();
    json.writeStringField("id", profile.id());
    json.writeObjectFieldStart("pod");
    writePod(json, profile.pod());
    json.writeEndObject();
    json.writeStringField("state", profile.state().key());
    writeKnown(json, "reason", profile.reason());
    json.writeNumberField("startEpochMillis", profile.startEpochMillis());
    if (!active) {
      json.writeNumberField("endEpochMillis", profile.endEpochMillis());
    }
    json.writeNumberField("durationSeconds", profile.request().durationSeconds());
    json.writeNumberField("intervalMillis", profile.request().intervalMillis());
    if (active) {
      json.writeNumberField("remainingSeconds", profile.remainingSeconds());
    }
    writeSampling(json, profile.request().sampling());
    json.writeNumberField("reports", profile.reports());
    json.writeNumberField("reportsMissing", profile.reportsMissing());
    json.writeNumberField("connectionsOmitted", profile.connectionsOmitted());
    json.writeNumberField("processesOmitted", profile.processesOmitted());
    json.writeNumberField("samplesOmitted", profile.samplesOmitted());
    json.writeNumberField("intervalsOmitted", profile.intervalsOmitted());
    if (!profile.unconnectedDrops().isEmpty()) {
      FiguresJson.writeCounts(json, "unconnectedDrops", profile.unconnectedDrops());
    }
  }

  private static void writeSampling(JsonGenerator json, Sampling sampling) throws IOException {
    if (sampling == null) {
      return;
    }
    json.writeObjectFieldStart("samples");
    json.writeNumberField("slowMillis", sampling.slowMillis());
    json.writeBooleanField("clientErrors", sampling.clientErrors());
    json.writeBooleanField("serverErrors", sampling.serverErrors());
    json.writeArrayFieldStart("headerValues");
    for (String header : sampling.headerValues()) {
      json.writeString(header);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static Set<Node> nodes(TopologyView topology) {
    Set<Node> nodes = new LinkedHashSet<>();
    topology.processes().keySet().forEach(name -> nodes.add(Node.process(name)));
    for (LineKey key : topology.lines().keySet()) {
      nodes.add(key.from());
      nodes.add(key.to());
    }
    return nodes;
  }

  private static void writeProcesses(
      JsonGenerator json, Set<Node> nodes, Map<String, Processes> processes) throws IOException {
    json.writeArrayFieldStart("processes");
    for (Node node : nodes) {
      if (node.kind() == Node.Kind.PROCESS) {
        Processes known = processes.getOrDefault(node.name(), Processes.NONE);
        json.writeStartObject();
        json.writeStringField("id", node.id());
        json.writeStringField("name", node.name());
        writeNumbers(json, "pids", known.pids());
        writeNumbers(json, "listeningPorts", known.listeningPorts());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeRemotes(JsonGenerator json, Set<Node> nodes) throws IOException {
    json.writeArrayFieldStart("remotes");
    for (Node node : nodes) {
      if (node.kind() != Node.Kind.PROCESS) {
        json.writeStartObject();
        json.writeStringField("id", node.id());
        json.writeStringField("name", node.name());
        json.writeStringField("kind", node.kind().key());
        writeKnown(json, "namespace", node.namespace());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeNumbers(JsonGenerator json, String field, Set<Integer> numbers)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (int number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }

  private static void writeLine(JsonGenerator json, LineKey key) throws IOException {
    json.writeStringField("id", key.id());
    json.writeStringField("from", key.from().id());
    json.writeStringField("to", key.to().id());
    json.writeStringField("protocol", key.protocol());
    json.writeBooleanField("tls", key.tls());
    if (key.port() > 0) {
      json.writeNumberField("port", key.port());
    }
  }

  private static void writeSide(JsonGenerator json, String field, LineSide side)
      throws IOException {
    if (side.isSeen()) {
      json.writeObjectFieldStart(field);
      FiguresJson.write(json, side.sum());
      json.writeEndObject();
    }
  }

  private static void writeCourse(
      JsonGenerator json, String field, LineSide side, Map<Integer, Interval> intervals)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Map.Entry<Integer, Figures> entry : side.figuresByReport().entrySet()) {
      Interval interval = intervals.get(entry.getKey());
      if (interval != null) {
        json.writeStartObject();
        json.writeNumberField("epochMillis", interval.epochMillis());
        json.writeNumberField("durationMillis", interval.durationMillis());
        FiguresJson.write(json, entry.getValue());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeSample(JsonGenerator json, Sample sample) throws IOException {
    json.writeStringField("why", sample.why());
    json.writeNumberField("epochMillis", sample.epochMillis());
    json.writeNumberField("durationNanos", sample.durationNanos());
    json.writeStringField("process", sample.process());
    json.writeStringField("role", sample.role());
    json.writeStringField("protocol", sample.protocol());
    writeKnown(json, "method", sample.method());
    writeKnown(json, "path", sample.path());
    if (sample.status() > 0) {
      json.writeNumberField("status", sample.status());
    }
    writeKnown(json, "requestId", sample.requestId());
    writeHeaders(json, "requestHeaders", sample.requestHeaders());
    writeHeaders(json, "responseHeaders", sample.responseHeaders());
    json.writeBooleanField("headersTruncated", sample.headersTruncated());
  }

  private static void writeHeaders(JsonGenerator json, String field, List<Header> headers)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Header header : headers) {
      json.writeStartObject();
      json.writeStringField("name", header.name());
      if (header.value() != null) {
        json.writeStringField("value", header.value());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeKnown(JsonGenerator json, String field, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(field, text);
    }
  }
}
