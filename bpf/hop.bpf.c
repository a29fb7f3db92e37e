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

const volatile struct hop_settings settings = {
	.idle_ns = 200000000,
	.request_prefix_bytes = HOP_HEADS_MAX,
	.response_prefix_bytes = 256,
};

#include "pid.bpf.h"
#include "maps.bpf.h"
#include "sock.bpf.h"
#include "core_fixes.bpf.h"
#include "head.bpf.h"
#include "tls.bpf.h"
#include "plain.bpf.h"
#include "frames.bpf.h"
#include "transport.bpf.h"

static __always_inline void begin_write(struct hop_state *state)
{
	__sync_fetch_and_add(&state->generation, 1);
}

static __always_inline void end_write(struct hop_state *state)
{
	__sync_fetch_and_add(&state->generation, 1);
}

static __always_inline void log_entry(struct hop_entry entries[HOP_ENTRIES], __u32 count, __u64 at_ns, __u32 position,
				      __u8 flags)
{
	__u32 slot = count;

	/* Else the compiler checks a copy, and kernels such as 6.1 do not see that this one is bounded by it. */
	barrier_var(slot);
	if (slot >= HOP_ENTRIES) {
		entries[HOP_ENTRIES - 2] = entries[HOP_ENTRIES - 1];
		slot = HOP_ENTRIES - 1;
	}
	slot &= HOP_ENTRIES - 1;
	entries[slot].at_ns = at_ns;
	entries[slot].position = position;
	entries[slot].flags = flags;
}

static __always_inline __u64 last_ns(const struct hop_entry entries[HOP_ENTRIES], __u32 count)
{
	__u32 slot = count > HOP_ENTRIES ? HOP_ENTRIES : count;

	return slot ? entries[(slot - 1) & (HOP_ENTRIES - 1)].at_ns : 0;
}

static __always_inline __u32 send_end(const struct hop_state *state, __u32 write_seq)
{
	/* Else the compiler picks an address and loads once; the verifier wants one kind of pointer for an instruction.
	 */
	barrier_var(write_seq);
	return state->fin_sent ? state->fin_position : write_seq;
}

/* Nothing but an alert is nothing: a received one is known by its size alone, so only where the connection ends. */
static __always_inline bool is_empty(const struct hop_record *record, bool ending)
{
	bool sent = record->send_count > 1 || (record->send_count && !(record->sends[0].flags & HOP_ENTRY_ALERT));
	bool arrived = record->arrival_count > 1 ||
		       (record->arrival_count && !(ending && (record->arrivals[0].flags & HOP_ENTRY_ALERT)));

	if (record->mode == HOP_MODE_HTTP2)
		return !record->send_count && !record->arrival_count && !record->read_count && !record->heads_length;
	return !sent && !arrived && (!record->read_count || record->arrival_count);
}

static __always_inline void begin_exchange(struct hop_state *state, const struct tcp_sock *tp, __u32 drops)
{
	struct hop_record *record = &state->record;

	record->send_start = record->send_end = tp->write_seq;
	record->receive_start = record->receive_end = tp->copied_seq;
	record->send_count = record->arrival_count = record->read_count = 0;
	record->flags = 0;
	record->heads_length = 0;
	record->exchange_index++;
	state->head_sends = 0;
	state->plain_sends = 0;
	state->transport.waited = 0;
	state->retransmits_base = tp->total_retrans;
	state->drops_base = drops;
}

/* Ends the exchange: what the socket retransmitted and dropped up to now is still its own. */
static __always_inline void emit(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp, __u32 flags)
{
	struct hop_record *record = &state->record;
	__u32 drops = sk->sk_drops.counter;
	__u64 size;

	if (is_empty(record, flags & (HOP_CLOSED | HOP_ENDING)))
		return;
	record->send_end = send_end(state, tp->write_seq);
	record->retransmits = tp->total_retrans - state->retransmits_base;
	record->drops = drops - state->drops_base;
	record->flags |= flags | transport_waited(state);
	if (state->openssl)
		plain_take(record, state->heads, true);
	size = sizeof(*record) + record->heads_length;
	if (size > sizeof(*record) + HOP_HEADS_MAX)
		size = sizeof(*record) + HOP_HEADS_MAX;
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
	transport_on_first_sight(state, sk, tp);
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

/* Keeps the head: of the request at the initiator, of the response at the acceptor, both in the sender's memory. */
static __always_inline void keep_head(struct hop_state *state, const struct message *message, const __u8 *head,
				      __u32 position, __u8 wanted)
{
	__u64 limit = settings.request_prefix_bytes;
	struct hop_record *record = &state->record;
	bool continues = state->head_sends && state->head_sends < HEAD_SENDS_MAX && position == state->head_next;

	if (record->send_count == 0 ? !is_http1(head, record->role)
				    : !continues && !is_further_head(head, record->role))
		return;
	state->head_sends = continues ? state->head_sends + 1 : 1;
	if (record->role == HOP_ACCEPTOR)
		limit = wanted & WATCH_WHOLE_HEADS ? HOP_HEADS_MAX : settings.response_prefix_bytes;
	append_head(state, message, position, limit);
}

/* What kind of bytes these are. On TLS only what is as long as an alert is looked at. */
static __always_inline __u8 look(struct hop_state *state, const struct message *message, __u8 head[PEEK_BYTES])
{
	if ((state->tls && !is_alert_size(message->bytes)) || !peek(message, head))
		return 0;
	if (!is_tls(head))
		return 0;
	state->tls = 1;
	return is_alert(head, message->bytes) ? HOP_ENTRY_ALERT : 0;
}

static __always_inline void handle_send(struct sock *sk, const struct iov_iter *iter, __u8 wanted)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = tp ? state_of(sk, tp) : NULL;
	__u64 now = bpf_ktime_get_ns();
	struct message message = {};
	__u8 head[PEEK_BYTES] = {};
	struct hop_record *record;
	__u8 flags = 0;

	if (!state)
		return;
	record = &state->record;
	begin_write(state);
	if (message_of(iter, &message))
		flags = look(state, &message, head);
	if (record->mode != HOP_MODE_HTTP2 && begins_http2(state, &message, head, tp->write_seq))
		record->mode = HOP_MODE_HTTP2;
	if (record->mode == HOP_MODE_HTTP2) {
		frames_on_send(state, sk, tp, iter, &message, now);
		goto sent;
	}
	if (record->role == HOP_INITIATOR && record->send_count) {
		if (record->read_count)
			emit(state, sk, tp, flags & HOP_ENTRY_ALERT ? HOP_ENDING : 0);
		else if (record->arrival_count)
			record->flags |= HOP_ARRIVAL_WHILE_SENDING;
	}
	if (state->tls)
		flags |= plain_sent(state, &message, tp->write_seq);
	else
		keep_head(state, &message, head, tp->write_seq, wanted);
	if (!record->send_count) {
		record->send_start = tp->write_seq;
		record->sender_tgid = pid_of_current();
	}
	log_entry(record->sends, record->send_count, now, tp->write_seq, flags);
	record->send_count++;
	record->srtt_us = tp->srtt_us >> 3;
sent:
	transport_on_send(state, tp, &message, now);
	end_write(state);
}

/* `end`: where what was received in order ends; with `fin` it counts one behind the data. */
static __always_inline void handle_arrival(struct sock *sk, const struct tcp_sock *tp, __u32 end, bool fin)
{
	struct hop_state *state = state_of(sk, tp);
	__u64 now = bpf_ktime_get_ns();
	struct hop_record *record;
	__u32 bytes;

	if (!state)
		return;
	bytes = end - state->seen_rcv_nxt;
	/* A FIN counts one. */
	if (!bytes || (fin && bytes == 1))
		return;
	record = &state->record;
	begin_write(state);
	state->seen_rcv_nxt = end;
	if (record->mode == HOP_MODE_HTTP2) {
		frames_on_arrival(state, sk, tp, end, now);
		end_write(state);
		return;
	}
	if (record->role == HOP_ACCEPTOR && record->send_count)
		emit(state, sk, tp, 0);
	/* Data and FIN in one segment count one more. */
	if (fin)
		bytes--;
	if (!record->arrival_count) {
		record->receive_start = tp->copied_seq;
		if (!sk->sk_socket && record->role == HOP_ACCEPTOR)
			record->flags |= HOP_ARRIVAL_BEFORE_ACCEPT;
	}
	log_entry(record->arrivals, record->arrival_count, now, end,
		  state->tls && is_alert_size(bytes) ? HOP_ENTRY_ALERT : 0);
	record->arrival_count++;
	record->flags &= ~HOP_LAST_ARRIVAL_MISSED;
	record->srtt_us = tp->srtt_us >> 3;
	end_write(state);
}

static __always_inline void handle_ready(struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (tp && sk->__sk_common.skc_state != TCP_LISTEN)
		handle_arrival(sk, tp, tp->rcv_nxt, sk->sk_shutdown & RCV_SHUTDOWN);
}

/* The segment is not yet part of the stream: it becomes so if it begins no later than what is missing, and brings more.
 */
static __always_inline void handle_segment(struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_skb_cb *segment = (const struct tcp_skb_cb *)skb->cb;
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	__u32 begin = BPF_CORE_READ(segment, seq);
	__u32 end = BPF_CORE_READ(segment, end_seq);

	if (!tp || (__s32)(begin - tp->rcv_nxt) > 0 || (__s32)(end - tp->rcv_nxt) <= 0)
		return;
	handle_arrival(sk, tp, end, BPF_CORE_READ(segment, tcp_flags) & TCPHDR_FIN);
}

/*
 * Where the hook was not told of an arrival, the read tells, and cuts the turn instead: see RATIONALE.md.
 */
static __always_inline void heal_arrival(struct hop_state *state, struct sock *sk, const struct tcp_sock *tp)
{
	__s32 bytes = tp->copied_seq - state->seen_rcv_nxt;
	struct hop_record *record = &state->record;

	/* A FIN counts one. */
	if (bytes <= 0 || (bytes == 1 && (sk->sk_shutdown & RCV_SHUTDOWN)))
		return;
	state->seen_rcv_nxt = tp->copied_seq;
	count(HOP_COUNT_ARRIVALS_MISSED);
	if (record->mode == HOP_MODE_TURNS && record->role == HOP_ACCEPTOR && record->send_count) {
		/* What was read up to now is the turn's; what this read took is the next one's. */
		emit(state, sk, tp, 0);
		record->receive_start = record->receive_end = state->seen_copied_seq;
	}
	record->flags |= HOP_ARRIVAL_MISSED;
	record->flags |= record->arrival_count ? HOP_LAST_ARRIVAL_MISSED : HOP_FIRST_ARRIVAL_MISSED;
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
	heal_arrival(state, sk, tp);
	state->seen_copied_seq = tp->copied_seq;
	if (record->mode == HOP_MODE_HTTP2) {
		frames_on_read(state, sk, tp, now);
		goto read;
	}
	if (record->role == HOP_ACCEPTOR && record->send_count)
		record->flags |= HOP_READ_AFTER_SEND;
	if (!record->read_count)
		record->reader_tgid = pid_of_current();
	log_entry(record->reads, record->read_count, now, tp->copied_seq, 0);
	record->receive_end = tp->copied_seq;
	record->read_count++;
	if (state->tls || !record->exchange_index)
		plain_read(state, now);
read:
	transport_on_read(state, sk, tp, now);
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
	transport_on_open(state, tp, connecting, initiator);
	end_write(state);
}

/* The peer's FIN, or the own one, which takes one position and is sent after the state has changed. */
static __always_inline void handle_fin(struct sock *sk, int to)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!state || !tp || state->fin_sent)
		return;
	begin_write(state);
	transport_on_end(state, tp, to, bpf_ktime_get_ns());
	if (to != TCP_CLOSE_WAIT) {
		state->fin_position = tp->write_seq;
		state->fin_sent = 1;
	}
	end_write(state);
}

static __always_inline void handle_close(struct sock *sk, bool destroyed)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!state || !tp)
		return;
	begin_write(state);
	transport_on_end(state, tp, TCP_CLOSE, 0);
	if (destroyed || !settings.has_destroy_hook)
		transport_on_destroy(state, tp, bpf_ktime_get_ns());
	end_write(state);
	/* Who shut down its sending side may still read what lies in the socket, after TIME_WAIT has taken over. */
	if (!destroyed && settings.has_destroy_hook && sk->sk_socket)
		return;
	begin_write(state);
	emit(state, sk, tp, HOP_CLOSED);
	plain_forget(state);
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
	case TCP_CLOSE_WAIT:
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		handle_fin(sk, to);
		break;
	case TCP_CLOSE:
		handle_close(sk, false);
		break;
	}
}

/* An initiator has its response, an acceptor has answered, and nothing waits to be read. */
static __always_inline bool is_complete(const struct hop_record *record, __u32 unread)
{
	if (record->mode == HOP_MODE_HTTP2)
		return !is_empty(record, false);
	if (!record->send_count || !record->read_count || unread)
		return false;
	return record->role == HOP_ACCEPTOR || record->reads[0].at_ns >= record->sends[0].at_ns;
}

static __always_inline bool is_idle(const struct hop_record *record, __u64 now)
{
	return now > last_ns(record->sends, record->send_count) + settings.idle_ns &&
	       now > last_ns(record->arrivals, record->arrival_count) + settings.idle_ns &&
	       now > last_ns(record->reads, record->read_count) + settings.idle_ns;
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
	if (!is_complete(&state->record, unread_bytes(sk, tp)))
		return;
	if (bpf_probe_read_kernel(copy, sizeof(copy->record) + HOP_HEADS_MAX, &state->record))
		return;
	record = &copy->record;
	if (!is_idle(record, bpf_ktime_get_ns()))
		return;
	record->send_end = send_end(state, BPF_CORE_READ(tp, write_seq));
	record->retransmits = BPF_CORE_READ(tp, total_retrans) - state->retransmits_base;
	record->drops = BPF_CORE_READ(sk, sk_drops.counter) - state->drops_base;
	record->flags |= HOP_IDLE_FLUSH | transport_waited(state);
	if (state->openssl)
		plain_take(record, copy->heads, false);
	size = record->heads_length;
	if (__sync_fetch_and_add(&state->generation, 0) != generation) {
		count(HOP_COUNT_FLUSH_TORN);
		return;
	}
	if (size > HOP_HEADS_MAX)
		return;
	count(HOP_COUNT_EMITTED);
	if (bpf_ringbuf_output(&ring, copy, sizeof(*record) + size, BPF_RB_NO_WAKEUP))
		count(HOP_COUNT_RING_FULL);
	state->flushed = generation;
}

static __always_inline void handle_file(struct seq_file *seq, const struct task_struct *task, struct file *file)
{
	struct socket *socket = bpf_sock_from_file(file);
	struct hop_listener listener = {};
	const struct sock *sk;

	if (!socket)
		return;
	sk = socket->sk;
	if (!sk || sk->__sk_common.skc_state != TCP_LISTEN || !sock_watched(sk))
		return;
	listener.netns = sock_netns(sk);
	listener.tgid = pid_of_node(task);
	listener.port = sk->__sk_common.skc_num;
	bpf_seq_write(seq, &listener, sizeof(listener));
}

/*
 * Send entry, a chunk at a time, sendfile's too; the message's iterator still points at the sender's memory. Since
 * 6.16 with the message as an argument.
 */
SEC("?tp_btf/tcp_sendmsg_locked")
int BPF_PROG(hop_send, struct sock *sk, const struct msghdr *msg)
{
	__u8 wanted = sock_wanted(sk);

	if (wanted)
		handle_send(sk, &msg->msg_iter, wanted);
	return 0;
}

/* Data is in the receiver's socket, before its process has read. Since 6.3. */
SEC("?tp_btf/sk_data_ready")
int BPF_PROG(hop_arrival, struct sock *sk)
{
	if (sock_watched(sk))
		handle_ready(sk);
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

/*
 * Who listens on what, read by userspace while a profile runs: in /proc another user's files are hidden from who has no
 * more rights than this needs. Since 5.8, sockets of files since 5.11.
 */
SEC("?iter/task_file")
int hop_listeners(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;

	if (task && file)
		handle_file(ctx->meta->seq, task, file);
	return 0;
}

/* In place of the send tracepoint. fentry is since 5.5, sk_storage from it since 5.11. */
SEC("?fentry/tcp_sendmsg_locked")
int BPF_PROG(hop_send_entry, struct sock *sk, const struct msghdr *msg)
{
	__u8 wanted = sock_wanted(sk);

	if (wanted)
		handle_send(sk, &msg->msg_iter, wanted);
	return 0;
}

/* In place of the arrival tracepoint, by the function that calls it. */
SEC("?fentry/sock_def_readable")
int BPF_PROG(hop_arrival_entry, struct sock *sk)
{
	if (sock_watched(sk))
		handle_ready(sk);
	return 0;
}

/* Where functions cannot be traced either: every segment that comes, before it is looked at. Since 4.16. */
SEC("?tp_btf/tcp_probe")
int BPF_PROG(hop_arrival_segment, struct sock *sk, const struct sk_buff *skb)
{
	if (sock_watched(sk))
		handle_segment(sk, skb);
	return 0;
}

/* The kernel takes "GPL" as it takes "Dual BSD/GPL": its helpers ask for a GPL-compatible licence, and GPL-2.0 is one
 * of ours. */
char LICENSE[] SEC("license") = "GPL";
