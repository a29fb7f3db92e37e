/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
      if (field.size() == 4
          && field != WireField.VERSION
          && !field.name().endsWith("_COUNT")
          && field != WireField.FLAGS) {
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
    assertThat(record.sends())
        .containsExactly(new IoEntry(100, 1000, 0), new IoEntry(110, 1050, 0));
    assertThat(record.reads()).hasSize(2).last().isEqualTo(new IoEntry(175, 5200, 0));
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
  void whatWasSentFromAPosition_isPutTogether() {
    WireRecord record =
        TestRecords.initiator(1)
            .head("GET /1 HTTP/1.1\r\n\r\nGET /2 HTT")
            .head(WireHead.Kind.PLAIN_RECEIVED, 1029, new byte[] {'x'})
            .head(WireHead.Kind.SENT, 1029, "P/1.1\r\n\r\n".getBytes(US_ASCII))
            .head(WireHead.Kind.SENT, 1050, new byte[] {'y'})
            .build();
    assertThat(record.sentFrom(1019)).hasToString("GET /2 HTTP/1.1\r\n\r\n");
    assertThat(record.sentFrom(1038).isEmpty()).isTrue();
    assertThat(record.sentFrom(999).isEmpty()).isTrue();
  }

  @Test
  void heads_followTheRecord() {
    WireRecord record =
        TestRecords.initiator(1)
            .head("GET / HTTP/1.1\r\n")
            .head(WireHead.Kind.SENT, 1016, new byte[] {'a', ':'})
            .head(WireHead.Kind.FRAME, 1050, new byte[] {1})
            .build();
    assertThat(record.heads())
        .extracting(WireHead::kind)
        .containsExactly(WireHead.Kind.SENT, WireHead.Kind.SENT, WireHead.Kind.FRAME);
    assertThat(record.firstHead(WireHead.Kind.SENT)).hasToString("GET / HTTP/1.1\r\na:");
    assertThat(record.firstHead(WireHead.Kind.PLAIN_SENT).isEmpty()).isTrue();
  }

  @Test
  void headThatDoesNotFollow_isNoPartOfTheFirst() {
    WireRecord record =
        TestRecords.initiator(1)
            .head("GET /1")
            .head(WireHead.Kind.SENT, 1050, "GET /2".getBytes(US_ASCII))
            .build();
    assertThat(record.firstHead(WireHead.Kind.SENT)).hasToString("GET /1");
  }

  @Test
  void shortRecord_isRefused() {
    byte[] bytes = TestRecords.initiator(1).bytes();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WireRecord.of(Arrays.copyOf(bytes, bytes.length - 1)))
        .withMessageContaining("319");
  }

  @Test
  void otherVersion_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).version(3).build())
        .withMessageContaining("version 3");
  }

  @Test
  void headsBeyondTheBytes_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).put(WireField.HEADS_LENGTH, 1).build());
  }

  @Test
  void unknownRole_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestRecords.initiator(1).put(WireField.ROLE, 3).build());
  }
}
