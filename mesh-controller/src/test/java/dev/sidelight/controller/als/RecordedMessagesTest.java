/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What sidecars under a real istiod 1.31 wrote. {@code -Dgoldens.rewrite=true} writes the
 * expectation anew.
 */
class RecordedMessagesTest {

  private static final Path DIRECTORY =
      Path.of("src", "test", "resources", "dev", "sidelight", "controller", "als");
  private static final Path EXPECTED = DIRECTORY.resolve("istio-1.31-als.expected.txt");

  private final RecordingEvents events = new RecordingEvents();

  @Test
  void istiosSidecars_areUnderstood() throws Exception {
    EntryDecoders decoders = new EntryDecoders(new PodNames());
    Map<String, AccessLogStream> streams = new HashMap<>();
    for (String line : Files.readAllLines(DIRECTORY.resolve("istio-1.31-als.jsonl"))) {
      JsonNode json = new ObjectMapper().readTree(line);
      if (json.has("identifier")) {
        Identifier identifier = identifier(json.get("identifier"));
        AccessLogStream stream = TestStreams.stream(events, decoders, "recorded");
        stream.onMessage(
            TestMessages.message().toBuilder().setIdentifier(identifier).build().toByteArray());
        streams.put(identifier.getNode().getId(), stream);
      } else {
        streams
            .get(json.get("node").asText())
            .onMessage(TestMessages.message(entry(json.get("http"))).toByteArray());
      }
    }
    assertThat(events.said).isEmpty();
    assertThatGoldenIs(String.join("\n", events.entries.stream().map(Object::toString).toList()));
  }

  private static Identifier identifier(JsonNode json) throws IOException {
    Identifier.Builder identifier = Identifier.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json.toString(), identifier);
    return identifier.build();
  }

  private static HTTPAccessLogEntry entry(JsonNode json) throws IOException {
    HTTPAccessLogEntry.Builder entry = HTTPAccessLogEntry.newBuilder();
    JsonFormat.parser().ignoringUnknownFields().merge(json.toString(), entry);
    return entry.build();
  }

  private static void assertThatGoldenIs(String text) throws IOException {
    String lines = text.replace(", ", ",\n") + "\n";
    if (Boolean.getBoolean("goldens.rewrite")) {
      Files.writeString(EXPECTED, lines);
    }
    assertThat(lines).isEqualTo(Files.readString(EXPECTED));
  }
}
