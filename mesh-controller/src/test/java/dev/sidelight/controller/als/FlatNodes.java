/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes FlatNode as flatc's builder lays it out: root offset, vtable, table, and behind them what
 * the table points to.
 */
final class FlatNodes {

  private static final int FIELDS = 12;
  private static final int ROOT = 4;
  private static final int VTABLE_BYTES = 4 + 2 * FIELDS;
  private static final int KEY_VAL_FIELDS = 2;

  // state
  private final ByteBuffer out = ByteBuffer.allocate(4_096).order(ByteOrder.LITTLE_ENDIAN);

  private FlatNodes() {}

  /** A node with strings by the number of their field, and labels. */
  static byte[] node(Map<Integer, String> strings, Map<String, String> labels) {
    return new FlatNodes().write(strings, labels);
  }

  private byte[] write(Map<Integer, String> strings, Map<String, String> labels) {
    int table = ROOT + VTABLE_BYTES;
    out.putInt(table);
    vtable(FIELDS);
    out.position(table + 4 * (FIELDS + 1));
    out.putInt(table, VTABLE_BYTES);
    strings.forEach((number, value) -> field(table, ROOT, number, string(value)));
    if (!labels.isEmpty()) {
      field(table, ROOT, 2, labels(labels));
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private void vtable(int fields) {
    out.putShort((short) (4 + 2 * fields)).putShort((short) (4 * (fields + 1)));
    out.position(out.position() + 2 * fields);
  }

  /** Field n lies in the nth place of the table. */
  private void field(int table, int vtable, int number, int target) {
    int place = table + 4 * (number + 1);
    out.putShort(vtable + 4 + 2 * number, (short) (place - table));
    out.putInt(place, target - place);
  }

  private int string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int place = out.position();
    out.putInt(bytes.length).put(bytes).put((byte) 0);
    return place;
  }

  private int labels(Map<String, String> labels) {
    int vector = out.position();
    out.putInt(labels.size());
    out.position(vector + 4 * (labels.size() + 1));
    int place = vector;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      place += 4;
      out.putInt(place, keyVal(label.getKey(), label.getValue()) - place);
    }
    return vector;
  }

  private int keyVal(String key, String value) {
    int vtable = out.position();
    vtable(KEY_VAL_FIELDS);
    int table = out.position();
    out.putInt(table - vtable);
    out.position(table + 4 * (KEY_VAL_FIELDS + 1));
    field(table, vtable, 0, string(key));
    field(table, vtable, 1, string(value));
    return table;
  }
}
