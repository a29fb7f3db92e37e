/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireRecord;

/**
 * One end of an exchange with what userspace knows of it.
 *
 * @param record as the kernel wrote it
 * @param head of what this end sent: the request's at the initiator, the response's at the acceptor
 * @param process executable's name of the socket's owner; empty where it is gone
 * @param supersedes a record of the same exchange left before, and this one says more
 */
public record HopEnd(WireRecord record, HttpHead head, String process, boolean supersedes) {

  /** Whether it is of the same exchange, at the same socket. */
  public boolean isSameExchange(HopEnd other) {
    return record.cookie() == other.record.cookie()
        && record.exchangeIndex() == other.record.exchangeIndex();
  }

  HopEnd withSupersedes(boolean value) {
    return new HopEnd(record, head, process, value);
  }
}
