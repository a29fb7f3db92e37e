/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cases' messages in their file: a JSON line each, with the name of the case, the number of the
 * stream and the message in base64; a stream's first message says whose it is.
 */
final class RecordedCases {

  static final Path DIRECTORY =
      Path.of("src", "test", "resources", "dev", "sidelight", "controller", "als");

  private static final Path FILE = DIRECTORY.resolve("envoy-1.40-als.jsonl");

  /** What our decoder makes of them. */
  static final Path EXPECTED = DIRECTORY.resolve("envoy-1.40-als.expected.txt");

  private RecordedCases() {}

  static Map<String, List<CaseSink.Message>> read() throws IOException {
    Map<String, List<CaseSink.Message>> cases = new LinkedHashMap<>();
    ObjectMapper mapper = new ObjectMapper();
    for (String line : Files.readAllLines(FILE)) {
      JsonNode json = mapper.readTree(line);
      byte[] bytes = Base64.getDecoder().decode(json.get("message").asText());
      cases
          .computeIfAbsent(json.get("case").asText(), name -> new ArrayList<>())
          .add(new CaseSink.Message(json.get("stream").asInt(), ByteString.copyFrom(bytes)));
    }
    return cases;
  }

  static void write(Map<String, List<CaseSink.Message>> cases) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, List<CaseSink.Message>> named : cases.entrySet()) {
      for (CaseSink.Message message : named.getValue()) {
        ObjectNode json = mapper.createObjectNode();
        json.put("case", named.getKey());
        json.put("stream", message.stream());
        json.put("message", Base64.getEncoder().encodeToString(message.bytes().toByteArray()));
        lines.append(mapper.writeValueAsString(json)).append('\n');
      }
    }
    Files.writeString(FILE, lines);
  }

  /** All that our decoder makes of them, a line an entry. */
  static String text(Map<String, List<CaseSink.Message>> cases) throws RefusedException {
    List<String> lines = new ArrayList<>();
    decode(cases)
        .forEach(
            (name, events) -> {
              lines.add("== " + name);
              events.entries.forEach(entry -> lines.add(EntryText.full(entry)));
              events.tcpEntries.forEach(entry -> lines.add(EntryText.full(entry)));
              lines.addAll(events.said);
            });
    return String.join("\n", lines) + "\n";
  }

  /** Each case's entries as our decoder reads them, in the order in which they came. */
  static Map<String, RecordingEvents> decode(Map<String, List<CaseSink.Message>> cases)
      throws RefusedException {
    EntryDecoders decoders = new EntryDecoders(new PodNames());
    Map<Integer, AccessLogStream> streams = new HashMap<>();
    Map<String, RecordingEvents> decoded = new LinkedHashMap<>();
    RecordingEvents[] current = new RecordingEvents[1];
    for (Map.Entry<String, List<CaseSink.Message>> named : cases.entrySet()) {
      current[0] = new RecordingEvents();
      decoded.put(named.getKey(), current[0]);
      for (CaseSink.Message message : named.getValue()) {
        streams
            .computeIfAbsent(
                message.stream(),
                number ->
                    TestStreams.stream(
                        new ForwardingEvents(() -> current[0]), decoders, "recorded"))
            .onMessage(message.bytes().toByteArray());
      }
    }
    return decoded;
  }
}
