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
  FIRST_SEND_NS(24, 8),
  LAST_SEND_NS(32, 8),
  FIRST_ARRIVAL_NS(40, 8),
  LAST_ARRIVAL_NS(48, 8),
  FIRST_READ_NS(56, 8),
  LAST_READ_NS(64, 8),
  VERSION(72, 4),
  NETNS(76, 4),
  EXCHANGE_INDEX(80, 4),
  SEND_START(84, 4),
  SEND_END(88, 4),
  RECEIVE_START(92, 4),
  RECEIVE_END(96, 4),
  SRTT_US(100, 4),
  RETRANSMITS(104, 4),
  DROPS(108, 4),
  SENDER_TGID(112, 4),
  READER_TGID(116, 4),
  SENDS(120, 4),
  ARRIVALS(124, 4),
  READS(128, 4),
  FLAGS(132, 4),
  LOCAL_PORT(136, 2),
  REMOTE_PORT(138, 2),
  PREFIX_LENGTH(140, 2),
  ROLE(142, 1),
  PAD(143, 1),
  LOCAL_ADDRESS(144, 16),
  REMOTE_ADDRESS(160, 16);

  /** Size of the struct, where the prefix begins. */
  static final int RECORD_BYTES = 176;

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
