/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.Optional;

/**
 * What is hooked, and by which of the object's programs. Each is optional to the loader: which of
 * them the kernel has is read from its BTF, and what lacks is reported rather than fatal.
 */
public enum Hook {
  /** Send entry. */
  SEND("hop_send", "tcp_sendmsg_locked"),
  /** Arrival of data at a socket. */
  ARRIVAL("hop_arrival", "sk_data_ready"),
  /** Bytes copied to a reader. */
  READ("hop_read", "tcp_rcv_space_adjust"),
  /** Connect, accept, close. */
  STATE("hop_state_change", "inet_sock_set_state"),
  /** The end of a socket. */
  DESTROY("hop_destroy", "tcp_destroy_sock"),
  /** The passes over idle connections. */
  IDLE("hop_idle", null);

  private final String program;
  private final String tracepoint;

  Hook(String program, String tracepoint) {
    this.program = program;
    this.tracepoint = tracepoint;
  }

  String program() {
    return program;
  }

  /** The kernel's tracepoint; empty for an iterator. */
  Optional<String> tracepoint() {
    return Optional.ofNullable(tracepoint);
  }

  /** Name for people and labels. */
  public String label() {
    return tracepoint == null ? "iter/bpf_sk_storage_map" : "tp_btf/" + tracepoint;
  }
}
