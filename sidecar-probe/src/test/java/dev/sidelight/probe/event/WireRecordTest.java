/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WireRecordTest {

  @Test
  void record_isReadFieldByField() {
    TestRecords bytes = TestRecords.initiator(0x1122334455667788L);
    for (WireField field : WireField.values()) {
      if (field.size() == 4 && field != WireField.VERSION) {
        bytes.put(field, field.offset());
      }
    }
    WireRecord record =
        bytes.put(WireField.LOCAL_PORT, 65000).put(WireField.REMOTE_PORT, 80).build();
    assertThat(record.cookie()).isEqualTo(0x1122334455667788L);
    assertThat(record.netns()).isEqualTo(WireField.NETNS.offset());
    assertThat(record.exchangeIndex()).isEqualTo(WireField.EXCHANGE_INDEX.offset());
    assertThat(record.smoothedRttMicros()).isEqualTo(WireField.SRTT_US.offset());
    assertThat(record.retransmits()).isEqualTo(WireField.RETRANSMITS.offset());
    assertThat(record.drops()).isEqualTo(WireField.DROPS.offset());
    assertThat(record.localPort()).isEqualTo(65000);
    assertThat(record.remotePort()).isEqualTo(80);
    assertThat(record.firstSendNanos()).isEqualTo(100);
    assertThat(record.lastReadNanos()).isEqualTo(175);
  }

  @Test
  void mappedAddress_isFourBytes() {
    assertThat(TestRecords.initiator(1).remote(10, 77, 0, 13).build().remoteAddress())
        .containsExactly(10, 77, 0, 13);
  }

  @Test
  void ipv6Address_isSixteenBytes() throws Exception {
    byte[] address = InetAddress.getByName("2001:db8::ffff:0a4d:d").getAddress();
    assertThat(TestRecords.initiator(1).remote(address).build().remoteAddress()).isEqualTo(address);
  }

  @Test
  void prefix_followsTheRecord() {
    assertThat(TestRecords.initiator(1).prefix("GET / HTTP/1.1").build().prefix())
        .asString()
        .isEqualTo("GET / HTTP/1.1");
  }

  @Test
  void shortRecord_isRefused() {
    byte[] bytes = TestRecords.initiator(1).bytes();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WireRecord.of(Arrays.copyOf(bytes, bytes.length - 1)))
        .withMessageContaining("175");
  }

  @Test
  void otherVersion_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).version(2).build())
        .withMessageContaining("version 2");
  }

  @Test
  void prefixBeyondTheBytes_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).put(WireField.PREFIX_LENGTH, 1).build());
  }

  @Test
  void unknownRole_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).put(WireField.ROLE, 3).build());
  }

  @Test
  void repetition_ignoresOnlyWhyItWasEmitted() {
    WireRecord flush = TestRecords.initiator(1).flags(WireRecord.IDLE_FLUSH).build();
    assertThat(flush.repeats(TestRecords.initiator(1).flags(WireRecord.CLOSED).build())).isTrue();
    assertThat(flush.repeats(TestRecords.initiator(1).flags(1).build())).isFalse();
    assertThat(flush.repeats(TestRecords.initiator(1).retransmits(1).build())).isFalse();
  }
}
