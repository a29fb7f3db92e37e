/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the FlatBuffer in which Istio before 1.24 keeps a peer: table FlatNode of istio/proxy's
 * extensions/common/node_info.fbs. A table begins with the distance back to its vtable, and that
 * tells how far into the table each field is, 0 where absent. Whatever points outside is refused.
 */
final class PeerFlatBuffer {

  // Fields of FlatNode, in their order.
  private static final int NAMESPACE = 1;
  private static final int LABELS = 2;
  private static final int WORKLOAD_NAME = 4;
  private static final int CLUSTER_ID = 9;

  // Fields of KeyVal.
  private static final int KEY = 0;
  private static final int VALUE = 1;

  private static final int ABSENT = 0;

  // deps
  private final ByteBuffer buffer;

  private PeerFlatBuffer(byte[] bytes) {
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The peer; what it does not say is unknown.
   *
   * @throws IOException where the bytes are no FlatNode
   */
  static Workload read(byte[] bytes) throws IOException {
    try {
      return new PeerFlatBuffer(bytes).node();
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("no FlatNode in " + bytes.length + " bytes", e);
    }
  }

  private Workload node() {
    int node = target(0);
    String service = label(node, "service.istio.io/canonical-name");
    String revision = label(node, "service.istio.io/canonical-revision");
    return WorkloadNames.workload(
        text(node, CLUSTER_ID),
        text(node, NAMESPACE),
        text(node, WORKLOAD_NAME),
        service.isEmpty() ? label(node, "app") : service,
        revision.isEmpty() ? label(node, "version") : revision);
  }

  private String label(int node, String name) {
    int field = field(node, LABELS);
    if (field == ABSENT) {
      return "";
    }
    int labels = target(field);
    int count = buffer.getInt(labels);
    for (int i = 0; i < count; i++) {
      int label = target(labels + Integer.BYTES * (i + 1));
      if (text(label, KEY).equals(name)) {
        return text(label, VALUE);
      }
    }
    return "";
  }

  private String text(int table, int number) {
    int field = field(table, number);
    if (field == ABSENT) {
      return "";
    }
    int text = target(field);
    int length = buffer.getInt(text);
    byte[] bytes = buffer.array();
    if (length < 0 || length > bytes.length - text - Integer.BYTES) {
      throw new IndexOutOfBoundsException("a string of " + length);
    }
    return new String(bytes, text + Integer.BYTES, length, StandardCharsets.UTF_8);
  }

  /** Where a field of a table is. */
  private int field(int table, int number) {
    int vtable = table - buffer.getInt(table);
    int slot = Short.BYTES * (2 + number);
    int vtableLength = Short.toUnsignedInt(buffer.getShort(vtable));
    int offset = slot < vtableLength ? Short.toUnsignedInt(buffer.getShort(vtable + slot)) : ABSENT;
    return offset == ABSENT ? ABSENT : table + offset;
  }

  /** Where the offset at this place points. */
  private int target(int place) {
    return place + buffer.getInt(place);
  }
}
