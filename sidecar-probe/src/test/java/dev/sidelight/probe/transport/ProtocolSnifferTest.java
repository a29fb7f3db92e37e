/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolSnifferTest {
  private static final byte[] UNSEEN = {};

  @ParameterizedTest
  @CsvSource({
    // GET /productpage
    "474554202f70726f6475637470616765, HTTP1",
    // OPTIONS * HTTP/1
    "4f5054494f4e53202a20485454502f31, HTTP1",
    // PRI * HTTP/2.0
    "505249202a20485454502f322e300d0a, HTTP2",
    // ClientHello, record version 1.0
    "1603010200010001fc03034f2a9e11c0, TLS",
    // *3 $3 SET
    "2a330d0a24330d0a5345540d0a24330d, REDIS",
    // startup of protocol 3.0: user
    "00000029000300007573657200706f73, POSTGRES",
    // SSLRequest
    "0000000804d2162f, POSTGRES",
    // OP_MSG
    "f10000000100000000000000dd070000, MONGODB",
    // OP_QUERY, the first of older drivers
    "3a0000000100000000000000d4070000, MONGODB",
    // handshake's response 41
    "b900000185a6ff190000000121000000, MYSQL",
    // SSLRequest of MySQL
    "2000000185aeff1900000001ff000000, MYSQL",
    // ApiVersions, version 3, correlation 0, client id of 10
    "0000003500120003000000000000000a, KAFKA",
    // Metadata, version 1, client id null
    "0000001400030001000000010000ffff, KAFKA",
    // a query of example.org with EDNS
    "0028a1b2012000010000000000010765, DNS",
    // ssh
    "5353482d322e302d4f70656e5353485f, TCP"
  })
  void client_isKnownByItsFirstBytes(String hex, Protocol protocol) {
    assertThat(ProtocolSniffer.sniff(bytes(hex), UNSEEN)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "485454502f312e3120323030204f4b0d, HTTP1",
    // SETTINGS with two settings
    "00000c04000000000000040000ffff00, HTTP2",
    // ServerHello
    "160303007a0200007603035f1e2d3c4b, TLS",
    // +OK
    "2b4f4b0d0a, REDIS",
    // greeting of 8.0
    "4a0000000a382e302e33360008000000, MYSQL",
    // AuthenticationSASL
    "52000000170000000a534352414d2d53, POSTGRES",
    // OP_MSG that answers
    "2d00000007000000010000 00dd070000, MONGODB",
    "002ca1b2818000010001000000000765, DNS",
    "5353482d322e302d4f70656e5353485f, TCP"
  })
  void server_isKnownByItsFirstBytes(String hex, Protocol protocol) {
    assertThat(ProtocolSniffer.sniff(UNSEEN, bytes(hex))).isEqualTo(protocol);
  }

  @Test
  void client_isBelievedBeforeTheServer() {
    assertThat(
            ProtocolSniffer.sniff(
                bytes("0000000804d2162f"), bytes("485454502f312e3120323030204f4b0d")))
        .isEqualTo(Protocol.POSTGRES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "16", "1603", "00", "474554", "2a", "ffffffffffffffffffffffffffffffff"})
  void tooLittle_isTcp(String hex) {
    assertThat(ProtocolSniffer.sniff(bytes(hex), bytes(hex))).isEqualTo(Protocol.TCP);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
