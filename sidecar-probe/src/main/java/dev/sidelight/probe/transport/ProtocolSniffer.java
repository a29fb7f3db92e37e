/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a protocol by the first bytes that each end sent; 16 of them are enough. Where only one end
 * is seen, its bytes have to do.
 */
final class ProtocolSniffer {
  private static final byte TLS_HANDSHAKE = 0x16;
  private static final byte TLS_ALERT = 0x15;
  private static final byte TLS_MAJOR = 3;
  private static final int TLS_MINOR_MAX = 4;

  private static final Pattern REQUEST_LINE =
      Pattern.compile(
          "(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) \\S.*", Pattern.DOTALL);
  private static final String HTTP2_PREFACE = "PRI * HTTP/2.0";
  private static final int HTTP2_HEADER_BYTES = 9;
  private static final int HTTP2_SETTINGS = 4;
  private static final int HTTP2_SETTING_BYTES = 6;

  private static final Pattern REDIS_REQUEST =
      Pattern.compile("\\*\\d{1,6}\r\n\\$\\d.*", Pattern.DOTALL);
  private static final Pattern REDIS_RESPONSE =
      Pattern.compile(
          "(\\+OK\r\n|\\+PONG\r\n|\\+QUEUED\r\n|-ERR |-NOAUTH |-WRONGTYPE |-MOVED |[$:*%]-?\\d{1,9}\r\n).*",
          Pattern.DOTALL);

  private static final int POSTGRES_PROTOCOL_3 = 196_608;
  private static final int POSTGRES_CODES_MIN = 80_877_102;
  private static final int POSTGRES_CODES_MAX = 80_877_104;
  private static final int POSTGRES_STARTUP_MAX = 10_000;

  private static final Set<Integer> MONGODB_OPCODES =
      Set.of(1, 2001, 2002, 2004, 2005, 2010, 2011, 2012, 2013);
  private static final int MONGODB_MESSAGE_MAX = 48_000_000;

  private static final int MYSQL_GREETING = 10;
  private static final int MYSQL_PROTOCOL_41 = 0x200;

  private static final int DNS_HEADER_BYTES = 14;
  private static final int KAFKA_HEADER_BYTES = 14;
  private static final int KAFKA_KEYS = 100;
  private static final int KAFKA_VERSIONS = 25;
  private static final int KAFKA_REQUEST_MAX = 100 << 20;

  private ProtocolSniffer() {}

  /**
   * Looks at both.
   *
   * @param client what the initiator sent first; empty where unseen
   * @param server what the acceptor sent first; empty where unseen
   */
  static Protocol sniff(byte[] client, byte[] server) {
    Protocol asked = ofClient(client);
    return asked == Protocol.TCP ? ofServer(server) : asked;
  }

  private static Protocol ofClient(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith(HTTP2_PREFACE)) {
      return Protocol.HTTP2;
    }
    if (REQUEST_LINE.matcher(text).matches()) {
      return Protocol.HTTP1;
    }
    if (isTls(first)) {
      return Protocol.TLS;
    }
    if (REDIS_REQUEST.matcher(text).matches()) {
      return Protocol.REDIS;
    }
    return ofClientMessage(first);
  }

  /** Those that begin with a length. */
  private static Protocol ofClientMessage(byte[] first) {
    if (isPostgresStartup(first)) {
      return Protocol.POSTGRES;
    }
    if (isMongodb(first, false)) {
      return Protocol.MONGODB;
    }
    if (isMysqlResponse(first)) {
      return Protocol.MYSQL;
    }
    if (isDns(first, false)) {
      return Protocol.DNS;
    }
    return isKafka(first) ? Protocol.KAFKA : Protocol.TCP;
  }

  private static Protocol ofServer(byte[] first) {
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("HTTP/1.")) {
      return Protocol.HTTP1;
    }
    if (isTls(first)) {
      return Protocol.TLS;
    }
    if (isHttp2Settings(first)) {
      return Protocol.HTTP2;
    }
    if (REDIS_RESPONSE.matcher(text).matches()) {
      return Protocol.REDIS;
    }
    if (isMysqlGreeting(first)) {
      return Protocol.MYSQL;
    }
    if (isPostgresAuthentication(first)) {
      return Protocol.POSTGRES;
    }
    if (isMongodb(first, true)) {
      return Protocol.MONGODB;
    }
    return isDns(first, true) ? Protocol.DNS : Protocol.TCP;
  }

  private static boolean isTls(byte[] first) {
    return first.length >= 3
        && (first[0] == TLS_HANDSHAKE || first[0] == TLS_ALERT)
        && first[1] == TLS_MAJOR
        && first[2] >= 0
        && first[2] <= TLS_MINOR_MAX;
  }

  private static boolean isHttp2Settings(byte[] first) {
    return first.length >= HTTP2_HEADER_BYTES
        && first[0] == 0
        && first[1] == 0
        && (first[2] & 0xff) % HTTP2_SETTING_BYTES == 0
        && first[3] == HTTP2_SETTINGS
        && first[4] == 0
        && bigEndian(first).getInt(5) == 0;
  }

  private static boolean isPostgresStartup(byte[] first) {
    if (first.length < 8) {
      return false;
    }
    int length = bigEndian(first).getInt(0);
    int code = bigEndian(first).getInt(4);
    return length >= 8
        && length <= POSTGRES_STARTUP_MAX
        && (code == POSTGRES_PROTOCOL_3
            || (code >= POSTGRES_CODES_MIN && code <= POSTGRES_CODES_MAX));
  }

  private static boolean isPostgresAuthentication(byte[] first) {
    if (first.length < 9 || first[0] != 'R') {
      return false;
    }
    int length = bigEndian(first).getInt(1);
    int kind = bigEndian(first).getInt(5);
    return length >= 8 && length <= POSTGRES_STARTUP_MAX && kind >= 0 && kind <= 12;
  }

  private static boolean isMongodb(byte[] first, boolean answer) {
    if (first.length < 16) {
      return false;
    }
    ByteBuffer header = littleEndian(first);
    int length = header.getInt(0);
    return length >= 16
        && length <= MONGODB_MESSAGE_MAX
        && (header.getInt(8) != 0) == answer
        && MONGODB_OPCODES.contains(header.getInt(12));
  }

  private static boolean isMysqlGreeting(byte[] first) {
    return first.length >= 6
        && first[2] == 0
        && first[3] == 0
        && first[4] == MYSQL_GREETING
        && Character.isDigit(first[5]);
  }

  /** The handshake's response or its request for TLS; 23 zeros follow the character set. */
  private static boolean isMysqlResponse(byte[] first) {
    return first.length >= 16
        && first[2] == 0
        && first[3] == 1
        && (littleEndian(first).getInt(4) & MYSQL_PROTOCOL_41) != 0
        && first[13] == 0
        && first[14] == 0
        && first[15] == 0;
  }

  /** A length of two bytes, an id, flags, then one question and hardly anything else. */
  private static boolean isDns(byte[] first, boolean answer) {
    if (first.length < DNS_HEADER_BYTES) {
      return false;
    }
    ByteBuffer message = bigEndian(first);
    int length = message.getShort(0) & 0xffff;
    boolean isAnswer = first[4] < 0;
    boolean standardQuery = (first[4] & 0x78) == 0;
    boolean empty = message.getShort(8) == 0 && message.getShort(10) == 0;
    return length > DNS_HEADER_BYTES
        && standardQuery
        && isAnswer == answer
        && message.getShort(6) == 1
        && (answer || (empty && message.getShort(12) >= 0 && message.getShort(12) <= 2));
  }

  private static boolean isKafka(byte[] first) {
    if (first.length < KAFKA_HEADER_BYTES) {
      return false;
    }
    ByteBuffer header = bigEndian(first);
    int length = header.getInt(0);
    int clientLength = header.getShort(12);
    return length >= 10
        && length <= KAFKA_REQUEST_MAX
        && header.getShort(4) >= 0
        && header.getShort(4) < KAFKA_KEYS
        && header.getShort(6) >= 0
        && header.getShort(6) < KAFKA_VERSIONS
        && header.getInt(8) >= 0
        && clientLength >= -1
        && clientLength < 256
        && clientLength <= length - 10;
  }

  private static ByteBuffer bigEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
