/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The struct of the compiled object, by its BTF, against what Java reads. */
class TransportFieldTest {
  private static final String OBJECT = "../bpf/target/hop.bpf.o";

  @Test
  void offsets_areThoseOfTheObject() throws IOException {
    Map<String, Integer> ours = new LinkedHashMap<>();
    int end = 0;
    for (TransportField field : TransportField.values()) {
      assertThat(field.offset()).as(field.name()).isEqualTo(end);
      end = field.offset() + field.size();
      ours.put(field.name().toLowerCase(Locale.ROOT), field.offset());
    }
    assertThat(ours).containsExactlyEntriesOf(members("transport_record"));
    assertThat(end)
        .isEqualTo(TransportField.RECORD_BYTES)
        .isEqualTo(struct("transport_record").get("size").asInt());
  }

  @Test
  void parts_lieWhereTheyAreRead() throws IOException {
    assertThat(members("transport_io"))
        .containsEntry("bytes", 0)
        .containsEntry("total_ns", 8)
        .containsEntry("untimed", 16)
        .containsEntry("buckets", 20);
    assertThat(members("transport_rtt")).containsEntry("total_us", 0).containsEntry("buckets", 8);
  }

  private static Map<String, Integer> members(String name) throws IOException {
    Map<String, Integer> members = new LinkedHashMap<>();
    for (JsonNode member : struct(name).get("members")) {
      members.put(member.get("name").asText(), member.get("bits_offset").asInt() / 8);
    }
    return members;
  }

  private static JsonNode struct(String name) throws IOException {
    Process bpftool = new ProcessBuilder("bpftool", "btf", "dump", "-j", "file", OBJECT).start();
    for (JsonNode type : new ObjectMapper().readTree(bpftool.getInputStream()).get("types")) {
      if (type.get("kind").asText().equals("STRUCT") && type.get("name").asText().equals(name)) {
        return type;
      }
    }
    throw new AssertionError("no struct " + name + " in " + OBJECT);
  }
}
