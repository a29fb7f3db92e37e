/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.event;

/**
 * The members of struct hop_record: where they are and how wide. A test compares them with the
 * object's BTF.
 */
enum WireField {
  COOKIE(0, 8),
  CONNECT_NS(8, 8),
  ESTABLISHED_NS(16, 8),
  SENDS(24, 64),
  ARRIVALS(88, 64),
  READS(152, 64),
  VERSION(216, 4),
  NETNS(220, 4),
  EXCHANGE_INDEX(224, 4),
  SEND_START(228, 4),
  SEND_END(232, 4),
  RECEIVE_START(236, 4),
  RECEIVE_END(240, 4),
  SRTT_US(244, 4),
  RETRANSMITS(248, 4),
  DROPS(252, 4),
  SENDER_TGID(256, 4),
  READER_TGID(260, 4),
  SEND_COUNT(264, 4),
  ARRIVAL_COUNT(268, 4),
  READ_COUNT(272, 4),
  FLAGS(276, 4),
  LOCAL_PORT(280, 2),
  REMOTE_PORT(282, 2),
  HEADS_LENGTH(284, 2),
  ROLE(286, 1),
  MODE(287, 1),
  LOCAL_ADDRESS(288, 16),
  REMOTE_ADDRESS(304, 16);

  /** Size of the struct, where the heads begin. */
  static final int RECORD_BYTES = 320;

  private final int offset;
  private final int size;

  WireField(int offset, int size) {
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
