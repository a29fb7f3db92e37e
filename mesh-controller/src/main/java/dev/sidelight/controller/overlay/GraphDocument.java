/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * A graph as Kiali sent it, with what of it is understood and the places where more can be put in.
 * Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GraphDocument(
    byte[] json,
    long timestampEpochSecond,
    long durationSeconds,
    String graphType,
    List<KialiNode> nodes,
    List<KialiEdge> edges,
    ArrayEnd nodesEnd,
    ArrayEnd edgesEnd) {

  /**
   * Where an array takes another element.
   *
   * @param offset in the document's bytes
   * @param empty whether it has none yet
   */
  record ArrayEnd(int offset, boolean empty) {}

  /**
   * The document with more nodes and edges; every byte of its own stays, in its order.
   *
   * @param moreNodes JSON elements with commas between them, at least one
   * @param moreEdges the same
   */
  byte[] with(byte[] moreNodes, byte[] moreEdges) {
    boolean nodesFirst = nodesEnd.offset() < edgesEnd.offset();
    ArrayEnd first = nodesFirst ? nodesEnd : edgesEnd;
    ArrayEnd second = nodesFirst ? edgesEnd : nodesEnd;
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(json.length + moreNodes.length + moreEdges.length + 2);
    out.write(json, 0, first.offset());
    write(out, first, nodesFirst ? moreNodes : moreEdges);
    out.write(json, first.offset(), second.offset() - first.offset());
    write(out, second, nodesFirst ? moreEdges : moreNodes);
    out.write(json, second.offset(), json.length - second.offset());
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, ArrayEnd end, byte[] elements) {
    if (!end.empty()) {
      out.write(',');
    }
    out.writeBytes(elements);
  }
}
