/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The wire struct of the compiled object, by its BTF, against what Java reads. */
class WireFieldTest {
  private static final String OBJECT = "../bpf/target/hop.bpf.o";

  @Test
  void offsets_areThoseOfTheObject() throws IOException {
    Map<String, Integer> ours = new LinkedHashMap<>();
    for (WireField field : WireField.values()) {
      ours.put(field.name().toLowerCase(Locale.ROOT), field.offset());
    }
    Map<String, Integer> theirs = new LinkedHashMap<>();
    for (JsonNode member : struct("hop_record").get("members")) {
      theirs.put(member.get("name").asText(), member.get("bits_offset").asInt() / 8);
    }
    assertThat(ours).containsExactlyEntriesOf(theirs);
  }

  @Test
  void sizes_fillTheObjectsStruct() throws IOException {
    int end = 0;
    for (WireField field : WireField.values()) {
      assertThat(field.offset()).as(field.name()).isEqualTo(end);
      end = field.offset() + field.size();
    }
    assertThat(end)
        .isEqualTo(WireField.RECORD_BYTES)
        .isEqualTo(struct("hop_record").get("size").asInt());
  }

  @Test
  void settings_areTheWholeOfTheConstants() throws IOException {
    assertThat(struct("hop_settings").get("size").asInt()).isEqualTo(32);
    for (JsonNode type : types()) {
      if (type.get("name").asText().equals(".rodata")) {
        assertThat(type.get("vars")).hasSize(1);
        assertThat(type.get("vars").get(0).get("offset").asInt()).isZero();
      }
    }
  }

  private static JsonNode struct(String name) throws IOException {
    for (JsonNode type : types()) {
      if (type.get("kind").asText().equals("STRUCT") && type.get("name").asText().equals(name)) {
        return type;
      }
    }
    throw new AssertionError("no struct " + name + " in " + OBJECT);
  }

  private static JsonNode types() throws IOException {
    Process bpftool = new ProcessBuilder("bpftool", "btf", "dump", "-j", "file", OBJECT).start();
    return new ObjectMapper().readTree(bpftool.getInputStream()).get("types");
  }
}
