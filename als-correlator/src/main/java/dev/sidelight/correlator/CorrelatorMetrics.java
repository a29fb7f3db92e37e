/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * Accounting of the correlator. At any time, for entries and for exchange ends alike:
 *
 * <pre>received = correlated + partial + expired + dropped + pending</pre>
 *
 * Called on the correlator's thread.
 */
public interface CorrelatorMetrics {

  /** Counts nothing. */
  CorrelatorMetrics NOOP =
      new CorrelatorMetrics() {
        @Override
        public void received(RecordType type, int count) {}

        @Override
        public void ended(RecordType type, RecordOutcome outcome, String reason, int count) {}

        @Override
        public void pending(RecordType type, int count) {}

        @Override
        public void peerContradicted() {}
      };

  /** Records came in. */
  void received(RecordType type, int count);

  /**
   * Records have left the window, each in exactly one way; the reason is a label value, empty for
   * correlated.
   */
  void ended(RecordType type, RecordOutcome outcome, String reason, int count);

  /** Records in the window now. */
  void pending(RecordType type, int count);

  /** What an entry says of its peer is not what the peer's own entry of the call says. */
  void peerContradicted();

  /** What is counted. */
  enum RecordType {
    /** Access log entries. */
    ENTRY,
    /** Ends of exchanges: a hop record with both ends counts two. */
    END
  }

  /** How a record leaves. */
  enum RecordOutcome {
    /** In a call with full coverage. */
    CORRELATED,
    /** In a call without full coverage. */
    PARTIAL,
    /** The window passed and no call took it. */
    EXPIRED,
    /** Refused at the door. */
    DROPPED
  }
}
