/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingReaderTest {
  private static final int RING_BYTES = 4096;
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;

  private final ByteBuffer consumer = memory(RING_BYTES);
  private final ByteBuffer producer = memory(RING_BYTES);
  private final ByteBuffer data = memory(RING_BYTES);
  private final RingReader reader = new RingReader(consumer, producer, data);
  private final List<String> read = new ArrayList<>();

  @Test
  void records_comeInOrder() {
    write(0, "one");
    write(0, "three");
    assertThat(read()).isEqualTo(2);
    assertThat(read).containsExactly("one", "three");
    assertThat(consumer.getLong(0)).isEqualTo(producer.getLong(0)).isEqualTo(32);
  }

  @Test
  void recordBeingWritten_holdsBackWhatFollows() {
    write(0, "one");
    write(BUSY, "two");
    write(0, "three");
    read();
    data.putInt(16, "two".length());
    read();
    assertThat(read).containsExactly("one", "two", "three");
  }

  @Test
  void discardedRecord_isPassedOver() {
    write(DISCARDED, "one");
    write(0, "two");
    assertThat(read()).isEqualTo(1);
    assertThat(read).containsExactly("two");
  }

  @Test
  void position_wrapsWithTheRing() {
    int records = RING_BYTES;
    for (int i = 0; i < records; i++) {
      write(0, "record " + i);
      read();
    }
    assertThat(read).hasSize(records).last().isEqualTo("record " + (records - 1));
    assertThat(consumer.getLong(0)).isGreaterThan(RING_BYTES);
  }

  private int read() {
    return reader.read(bytes -> read.add(new String(bytes, US_ASCII)));
  }

  /** As the kernel does. */
  private void write(int flags, String text) {
    long position = producer.getLong(0);
    int at = (int) (position & (RING_BYTES - 1));
    byte[] bytes = text.getBytes(US_ASCII);
    data.putInt(at, bytes.length | flags);
    for (int i = 0; i < bytes.length; i++) {
      data.put((at + 8 + i) & (RING_BYTES - 1), bytes[i]);
    }
    producer.putLong(0, position + ((bytes.length + 8 + 7) & ~7));
  }

  private static ByteBuffer memory(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
