/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.transport;

/**
 * The members of struct transport_record in bpf/transport.h, in order. A test compares them with
 * the compiled object.
 */
enum TransportField {
  COOKIE(0, 8),
  CONNECT_NS(8, 8),
  ACCEPT_NS(16, 8),
  CLOSE_NS(24, 8),
  WRITES(32, 128),
  READS(160, 128),
  RTT(288, 112),
  VERSION(400, 4),
  NETNS(404, 4),
  TGID(408, 4),
  RETRANSMITS(412, 4),
  SEND_ISN(416, 4),
  RECEIVE_ISN(420, 4),
  REPORTS(424, 4),
  FLAGS(428, 4),
  LOCAL_PORT(432, 2),
  REMOTE_PORT(434, 2),
  ROLE(436, 1),
  CLOSER(437, 1),
  FIRST_LENGTH(438, 1),
  PAD(439, 1),
  LOCAL_ADDRESS(440, 16),
  REMOTE_ADDRESS(456, 16),
  FIRST_BYTES(472, 16),
  PROCESS(488, 32);

  /** Length of a record. */
  static final int RECORD_BYTES = 520;

  private final int offset;
  private final int size;

  TransportField(int offset, int size) {
    this.offset = offset;
    this.size = size;
  }

  int offset() {
    return offset;
  }

  int size() {
    return size;
  }
}
