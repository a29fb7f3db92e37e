// SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0)
/* Copyright The Sidelight Authors */
/*
 * Times both ends of every exchange (a request and its response on one TCP connection) in the watched network
 * namespaces. See RATIONALE.md.
 */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
#include "hop.h"
#include "maps.bpf.h"
#include "sock.bpf.h"
#include "head.bpf.h"

const volatile struct hop_settings settings = {
	.idle_ns = 200000000,
	.request_prefix_bytes = HOP_PREFIX_MAX,
	.response_prefix_bytes = 64,
};

static __always_inline void begin_write(struct hop_state *state)
{
	__sync_fetch_and_add(&state->generation, 1);
}

static __always_inline void end_write(struct hop_state *state)
{
	__sync_fetch_and_add(&state->generation, 1);
}

static __always_inline __u32 send_end(const struct hop_state *state, __u32 write_seq)
{
	/* Else the compiler picks an address and loads once; the verifier wants one kind of pointer for an instruction.
	 */
	barrier_var(write_seq);
	if (state->last_send_is_alert)
		return state->alert_position;
	return state->fin_sent ? state->fin_position : write_seq;
}

static __always_inline bool is_empty(const struct hop_record *record)
{
	return !record->first_send_ns && !record->first_arrival_ns && !record->first_read_ns;
}

/* An alert ends a connection; it is no part of the exchange before it. */
static __always_inline void drop_sent_alert(const struct hop_state *state, struct hop_record *record)
{
	if (!state->last_send_is_alert)
		return;
	record->first_send_ns = state->sent_before.first_ns;
	record->last_send_ns = state->sent_before.last_ns;
	record->send_start = state->sent_before.start;
	record->sends = state->sent_before.count;
}

/* Known by its size alone, so only where the connection ends. */
static __always_inline void drop_received_alert(const struct hop_state *state, struct hop_record *record)
{
	if (!state->last_arrival_is_alert)
		return;
	record->first_arrival_ns = state->received_before.first_ns;
	record->last_arrival_ns = state->received_before.last_ns;
	record->first_read_ns = state->received_before.read_first_ns;
	record->last_read_ns = state->received_before.read_last_ns;
	record->receive_start = state->received_before.start;
	record->receive_end = state->received_before.end;
	record->arrivals = state->received_before.count;
	record->reads = state->received_before.reads;
}

static __always_inline void begin_exchange(struct hop_state *state, const struct tcp_sock *tp, __u32 drops)
{
	struct hop_record *record = &state->record;

	record->first_send_ns = record->last_send_ns = 0;
	record->first_arrival_ns = record->last_arrival_ns = 0;
	record->first_read_ns = record->last_read_ns = 0;
	record->send_start = record->send_end = tp->write_seq;
	record->receive_start = record->receive_end = tp->copied_seq;
	record->sends = record->arrivals = record->reads = 0;
	record->flags = 0;
	record->prefix_length = 0;
	record->exchange_index++;
	state->retransmits_base = tp->total_retrans;
	state->drops_base = drops;
	state->last_send_is_alert = state->last_arrival_is_alert = 0;
	__builtin_memset(&state->sent_before, 0, sizeof(state->sent_before));
	__builtin_memset(&state->received_before, 0, sizeof(state->received_before));
}

/* Ends the exchange: what the socket retransmitted and dropped up to now is still its own. */
static __always_inline void emit(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp, __u32 flags,
				 bool closing)
{
	struct hop_record *record = &state->record;
	__u32 drops = sk->sk_drops.counter;
	__u64 size;

	drop_sent_alert(state, record);
	if (closing)
		drop_received_alert(state, record);
	if (is_empty(record))
		return;
	record->send_end = send_end(state, tp->write_seq);
	record->retransmits = tp->total_retrans - state->retransmits_base;
	record->drops = drops - state->drops_base;
	record->flags |= flags;
	size = sizeof(*record) + record->prefix_length;
	if (size > sizeof(*record) + HOP_PREFIX_MAX)
		size = sizeof(*record) + HOP_PREFIX_MAX;
	count(HOP_COUNT_EMITTED);
	if (bpf_ringbuf_output(&ring, record, size, BPF_RB_NO_WAKEUP))
		count(HOP_COUNT_RING_FULL);
	begin_exchange(state, tp, drops);
}

static __always_inline void first_sight(struct hop_state *state, struct sock *sk, const struct tcp_sock *tp)
{
	struct hop_record *record = &state->record;

	begin_write(state);
	record->cookie = bpf_get_socket_cookie(sk);
	record->version = HOP_RECORD_VERSION;
	record->netns = sock_netns(sk);
	record->role = sock_has_listener(sk) ? HOP_ACCEPTOR : HOP_INITIATOR;
	state->seen_rcv_nxt = state->seen_copied_seq = tp->copied_seq;
	begin_exchange(state, tp, sk->sk_drops.counter);
	record->exchange_index = 0;
	end_write(state);
}

static __always_inline struct hop_state *state_of(struct sock *sk, const struct tcp_sock *tp)
{
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!state) {
		count(HOP_COUNT_STORAGE_FULL);
		return NULL;
	}
	if (!state->record.cookie)
		first_sight(state, sk, tp);
	/* A connecting socket has no port yet when it is first seen. */
	if (!state->record.remote_port || !state->record.local_port)
		sock_addresses(sk, &state->record);
	return state;
}

static __always_inline void keep_sent(struct hop_state *state)
{
	struct hop_record *record = &state->record;

	state->sent_before.first_ns = record->first_send_ns;
	state->sent_before.last_ns = record->last_send_ns;
	state->sent_before.start = record->send_start;
	state->sent_before.count = record->sends;
}

static __always_inline void keep_received(struct hop_state *state)
{
	struct hop_record *record = &state->record;

	state->received_before.first_ns = record->first_arrival_ns;
	state->received_before.last_ns = record->last_arrival_ns;
	state->received_before.read_first_ns = record->first_read_ns;
	state->received_before.read_last_ns = record->last_read_ns;
	state->received_before.start = record->receive_start;
	state->received_before.end = record->receive_end;
	state->received_before.count = record->arrivals;
	state->received_before.reads = record->reads;
}

/* Keeps the head: of the request at the initiator, of the response at the acceptor, both in the sender's memory. */
static __always_inline void keep_head(struct hop_state *state, const struct iov_iter *iter, const __u8 *head,
				      __u32 position)
{
	struct hop_record *record = &state->record;
	__u64 limit = record->role == HOP_INITIATOR ? settings.request_prefix_bytes : settings.response_prefix_bytes;

	if (record->sends == 0) {
		if (!is_http1(head, record->role))
			return;
		state->prefix_position = position;
	} else if (!record->prefix_length || record->sends >= PREFIX_SENDS_MAX ||
		   position != state->prefix_position + record->prefix_length) {
		return;
	}
	append(state, iter, limit);
}

static __always_inline void handle_send(struct sock *sk, const struct msghdr *msg)
{
	const struct iov_iter *iter = &msg->msg_iter;
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = tp ? state_of(sk, tp) : NULL;
	__u64 now = bpf_ktime_get_ns();
	struct hop_record *record;
	__u8 head[8] = {};
	bool alert = false;

	if (!state)
		return;
	record = &state->record;
	if (peek(iter, head))
		alert = is_alert(head, BPF_CORE_READ(iter, count));
	begin_write(state);
	if (is_tls(head))
		state->tls = 1;
	if (record->role == HOP_INITIATOR && record->first_send_ns) {
		if (record->first_read_ns)
			emit(state, sk, tp, 0, alert);
		else if (record->first_arrival_ns)
			record->flags |= HOP_ARRIVAL_WHILE_SENDING;
	}
	if (alert) {
		keep_sent(state);
		state->alert_position = tp->write_seq;
	}
	state->last_send_is_alert = alert;
	keep_head(state, iter, head, tp->write_seq);
	if (!record->first_send_ns) {
		record->first_send_ns = now;
		record->send_start = tp->write_seq;
		record->sender_tgid = bpf_get_current_pid_tgid() >> 32;
	}
	record->last_send_ns = now;
	record->sends++;
	record->srtt_us = tp->srtt_us >> 3;
	end_write(state);
}

static __always_inline void handle_arrival(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = tp ? state_of(sk, tp) : NULL;
	__u64 now = bpf_ktime_get_ns();
	struct hop_record *record;
	__u32 bytes;

	if (!state)
		return;
	bytes = tp->rcv_nxt - state->seen_rcv_nxt;
	/* A FIN counts one. */
	if (!bytes || ((sk->sk_shutdown & RCV_SHUTDOWN) && bytes == 1))
		return;
	record = &state->record;
	begin_write(state);
	state->seen_rcv_nxt = tp->rcv_nxt;
	if (record->role == HOP_ACCEPTOR && record->first_send_ns)
		emit(state, sk, tp, 0, false);
	/* Data and FIN in one segment count one more. */
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		bytes--;
	state->last_arrival_is_alert = state->tls && is_alert_size(bytes);
	if (state->last_arrival_is_alert)
		keep_received(state);
	if (!record->first_arrival_ns) {
		record->first_arrival_ns = now;
		record->receive_start = tp->copied_seq;
		if (!sk->sk_socket && record->role == HOP_ACCEPTOR)
			record->flags |= HOP_ARRIVAL_BEFORE_ACCEPT;
	}
	record->last_arrival_ns = now;
	record->arrivals++;
	record->srtt_us = tp->srtt_us >> 3;
	end_write(state);
}

static __always_inline void handle_read(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = tp ? state_of(sk, tp) : NULL;
	__u64 now = bpf_ktime_get_ns();
	struct hop_record *record;

	/* Without progress it was EAGAIN or MSG_PEEK. */
	if (!state || tp->copied_seq == state->seen_copied_seq)
		return;
	record = &state->record;
	begin_write(state);
	state->seen_copied_seq = tp->copied_seq;
	if (record->role == HOP_ACCEPTOR && record->first_send_ns)
		record->flags |= HOP_READ_AFTER_SEND;
	if (!record->first_read_ns) {
		record->first_read_ns = now;
		record->reader_tgid = bpf_get_current_pid_tgid() >> 32;
	}
	record->last_read_ns = now;
	record->receive_end = tp->copied_seq;
	record->reads++;
	end_write(state);
}

static __always_inline void handle_open(struct sock *sk, bool connecting, bool initiator)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = tp ? state_of(sk, tp) : NULL;

	if (!state)
		return;
	begin_write(state);
	state->record.role = initiator ? HOP_INITIATOR : HOP_ACCEPTOR;
	if (connecting) {
		state->record.connect_ns = bpf_ktime_get_ns();
	} else {
		state->record.established_ns = bpf_ktime_get_ns();
		/* Only now are the positions those of the connection. */
		state->seen_rcv_nxt = state->seen_copied_seq = tp->copied_seq;
	}
	end_write(state);
}

/* A FIN takes one position, and is sent after the state has changed. */
static __always_inline void handle_fin(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!state || !tp || state->fin_sent)
		return;
	begin_write(state);
	state->fin_position = tp->write_seq;
	state->fin_sent = 1;
	end_write(state);
}

static __always_inline void handle_close(struct sock *sk, bool destroyed)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!state || !tp)
		return;
	/* Who shut down its sending side may still read what lies in the socket, after TIME_WAIT has taken over. */
	if (!destroyed && settings.has_destroy_hook && sk->sk_socket)
		return;
	begin_write(state);
	emit(state, sk, tp, HOP_CLOSED, true);
	end_write(state);
}

static __always_inline void handle_state(struct sock *sk, int from, int to)
{
	switch (to) {
	case TCP_LISTEN: {
		struct listener_key key = { .netns = sock_netns(sk), .port = sk->__sk_common.skc_num };
		__u8 present = 1;

		bpf_map_update_elem(&listeners, &key, &present, BPF_ANY);
		break;
	}
	case TCP_SYN_SENT:
		handle_open(sk, true, true);
		break;
	case TCP_ESTABLISHED:
		handle_open(sk, false, from == TCP_SYN_SENT);
		break;
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		handle_fin(sk);
		break;
	case TCP_CLOSE:
		handle_close(sk, false);
		break;
	}
}

/* An initiator has its response, an acceptor has answered, and nothing waits to be read. */
static __always_inline bool is_complete(const struct hop_record *record, __u32 unread)
{
	if (!record->first_send_ns || !record->first_read_ns || unread)
		return false;
	return record->role == HOP_ACCEPTOR || record->first_read_ns >= record->first_send_ns;
}

static __always_inline bool is_idle(const struct hop_record *record, __u64 now)
{
	return now > record->last_send_ns + settings.idle_ns && now > record->last_read_ns + settings.idle_ns &&
	       now > record->last_arrival_ns + settings.idle_ns;
}

static __always_inline __u32 unread_bytes(const struct sock *sk, const struct tcp_sock *tp)
{
	__u32 unread = BPF_CORE_READ(tp, rcv_nxt) - BPF_CORE_READ(tp, copied_seq);

	return unread == 1 && (BPF_CORE_READ_BITFIELD_PROBED(sk, sk_shutdown) & RCV_SHUTDOWN) ? 0 : unread;
}

/*
 * Emits a copy of what lies complete on an idle connection. The hooks run meanwhile, since an iterator takes no lock: a
 * copy that they wrote into is thrown away, and the next pass tries again.
 */
static __always_inline void handle_idle(struct sock *sk, struct hop_state *state)
{
	const struct tcp_sock *tp = (const struct tcp_sock *)sk;
	__u64 generation = __sync_fetch_and_add(&state->generation, 0);
	__u32 zero = 0;
	struct hop_copy *copy = bpf_map_lookup_elem(&scratch, &zero);
	struct hop_record *record;
	__u64 size;

	if (!copy || (generation & 1) || generation == state->flushed)
		return;
	if (!is_complete(&state->record, unread_bytes(sk, tp)) || !is_idle(&state->record, bpf_ktime_get_ns()))
		return;
	if (bpf_probe_read_kernel(copy, sizeof(*copy), &state->record))
		return;
	record = &copy->record;
	drop_sent_alert(state, record);
	record->send_end = send_end(state, BPF_CORE_READ(tp, write_seq));
	record->retransmits = BPF_CORE_READ(tp, total_retrans) - state->retransmits_base;
	record->drops = BPF_CORE_READ(sk, sk_drops.counter) - state->drops_base;
	record->flags |= HOP_IDLE_FLUSH;
	size = record->prefix_length;
	if (__sync_fetch_and_add(&state->generation, 0) != generation) {
		count(HOP_COUNT_FLUSH_TORN);
		return;
	}
	if (size > HOP_PREFIX_MAX)
		return;
	count(HOP_COUNT_EMITTED);
	if (bpf_ringbuf_output(&ring, copy, sizeof(*record) + size, BPF_RB_NO_WAKEUP))
		count(HOP_COUNT_RING_FULL);
	state->flushed = generation;
}

/*
 * Send entry, a chunk at a time, sendfile's too; the message's iterator still points at the sender's memory. Since
 * 6.16 with the message as an argument.
 */
SEC("?tp_btf/tcp_sendmsg_locked")
int BPF_PROG(hop_send, struct sock *sk, const struct msghdr *msg)
{
	if (sock_watched(sk))
		handle_send(sk, msg);
	return 0;
}

/* Data is in the receiver's socket, before its process has read. Since 6.2. */
SEC("?tp_btf/sk_data_ready")
int BPF_PROG(hop_arrival, struct sock *sk)
{
	if (sock_watched(sk) && sk->__sk_common.skc_state != TCP_LISTEN)
		handle_arrival(sk);
	return 0;
}

/* Bytes were copied to the reader; not called for a read that found nothing. Since 4.16. */
SEC("?tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(hop_read, struct sock *sk)
{
	if (sock_watched(sk))
		handle_read(sk);
	return 0;
}

/* Who connected, who accepted, when, and the end. The current task is often not the owner. Since 4.16. */
SEC("?tp_btf/inet_sock_set_state")
int BPF_PROG(hop_state_change, struct sock *sk, int from, int to)
{
	if (sock_watched(sk))
		handle_state(sk, from, to);
	return 0;
}

/* The socket's very end: later than TCP_CLOSE where its owner still held it. Since 4.16. */
SEC("?tp_btf/tcp_destroy_sock")
int BPF_PROG(hop_destroy, struct sock *sk)
{
	if (sock_watched(sk))
		handle_close(sk, true);
	return 0;
}

/* Read by userspace every 200 ms: a pooled connection's last exchange would else wait for the next. Since 5.9. */
SEC("?iter/bpf_sk_storage_map")
int hop_idle(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct hop_state *state = ctx->value;

	if (sk && state)
		handle_idle(sk, state);
	return 0;
}

/* The kernel takes "GPL" as it takes "Dual BSD/GPL": its helpers ask for a GPL-compatible licence, and GPL-2.0 is one
 * of ours. */
char LICENSE[] SEC("license") = "GPL";
