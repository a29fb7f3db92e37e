/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

import java.util.List;

/**
 * What is hooked, and the ways to it, best first. Each hook is optional: the first way that the
 * kernel has and takes is attached, and a hook without one is reported rather than fatal.
 */
public enum Hook {
  /** Send entry. */
  SEND(
      HookWay.tracepoint("hop_send", "tcp_sendmsg_locked"),
      HookWay.entry("hop_send_entry", "tcp_sendmsg_locked")),
  /** Arrival of data at a socket. */
  ARRIVAL(
      HookWay.tracepoint("hop_arrival", "sk_data_ready"),
      HookWay.entry("hop_arrival_entry", "sock_def_readable"),
      HookWay.tracepoint("hop_arrival_segment", "tcp_probe")),
  /** Bytes copied to a reader. */
  READ(HookWay.tracepoint("hop_read", "tcp_rcv_space_adjust")),
  /** Connect, accept, close. */
  STATE(HookWay.tracepoint("hop_state_change", "inet_sock_set_state")),
  /** The end of a socket. */
  DESTROY(HookWay.tracepoint("hop_destroy", "tcp_destroy_sock")),
  /** The passes over idle connections. */
  IDLE(HookWay.iterator("hop_idle", "bpf_sk_storage_map")),
  /** The end of a write. */
  WRITE_END(
      HookWay.tracepoint("transport_write_end", "sock_send_length"),
      HookWay.exit("transport_write_end_fexit", "tcp_sendmsg")),
  /** The end of a read. */
  READ_END(
      HookWay.tracepoint("transport_read_end", "sock_recv_length"),
      HookWay.exit("transport_read_end_fexit", "tcp_recvmsg")),
  /** The beginning of a read; the second way is taken where the settings ask for it only. */
  READ_ENTRY(
      HookWay.entry("transport_read_begin", "tcp_recvmsg"),
      HookWay.tracepoint("transport_read_begin_syscall", "sys_enter")),
  /** Packets that are thrown away. */
  DROP(HookWay.tracepoint("transport_drop", "kfree_skb")),
  /** The passes over what connections carry. */
  REPORTS(HookWay.iterator("transport_reports", "bpf_sk_storage_map")),
  /** The looks for who listens on what. */
  LISTENERS(HookWay.iterator("hop_listeners", "task_file"));

  // Of List.of, which error-prone cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<HookWay> ways;

  Hook(HookWay... ways) {
    this.ways = List.of(ways);
  }

  /** The ways to it, best first. */
  public List<HookWay> ways() {
    return ways;
  }
}
