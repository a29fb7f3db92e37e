/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A record as the kernel writes it. */
final class TestConnection {
  static final int NETNS = (int) 4026532001L;

  private final ByteBuffer bytes =
      ByteBuffer.allocate(TransportField.RECORD_BYTES).order(ByteOrder.nativeOrder());

  TestConnection(long cookie, String process) {
    bytes.putLong(TransportField.COOKIE.offset(), cookie);
    bytes.putInt(TransportField.VERSION.offset(), 1);
    bytes.putInt(TransportField.NETNS.offset(), NETNS);
    bytes.put(TransportField.ROLE.offset(), (byte) 1);
    bytes.put(TransportField.PROCESS.offset(), process.getBytes(StandardCharsets.UTF_8));
  }

  TestConnection acceptor() {
    bytes.put(TransportField.ROLE.offset(), (byte) 2);
    return this;
  }

  TestConnection sequences(int send, int receive) {
    bytes.putInt(TransportField.SEND_ISN.offset(), send);
    bytes.putInt(TransportField.RECEIVE_ISN.offset(), receive);
    return flag(4);
  }

  TestConnection flag(int flag) {
    int at = TransportField.FLAGS.offset();
    bytes.putInt(at, bytes.getInt(at) | flag);
    return this;
  }

  TestConnection reports(int reports) {
    bytes.putInt(TransportField.REPORTS.offset(), reports);
    return this;
  }

  TestConnection writes(int calls, long written) {
    bytes.putLong(TransportField.WRITES.offset(), written);
    bytes.putLong(TransportField.WRITES.offset() + 8, calls * 2000L);
    // 2000 ns lie in the bucket up to 2048.
    bytes.putInt(TransportField.WRITES.offset() + 20 + 4, calls);
    return this;
  }

  TestConnection connected(long nanos) {
    bytes.putLong(TransportField.CONNECT_NS.offset(), nanos);
    return this;
  }

  TestConnection ended(Closer closer, long closeNanos) {
    bytes.putLong(TransportField.CLOSE_NS.offset(), closeNanos);
    bytes.put(TransportField.CLOSER.offset(), (byte) closer.ordinal());
    return flag(1);
  }

  TestConnection remote(int... address) {
    int at = TransportField.REMOTE_ADDRESS.offset();
    bytes.putShort(at + 10, (short) -1);
    for (int i = 0; i < address.length; i++) {
      bytes.put(at + 12 + i, (byte) address[i]);
    }
    return this;
  }

  byte[] bytes() {
    return bytes.array().clone();
  }
}
