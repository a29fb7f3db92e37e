/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * Counts what every connection of a watched namespace carries, in the socket's own state. What the hooks under the
 * socket's lock write needs no atomics; the ends of writes and reads come after the lock is released, and add.
 */
#ifndef SIDELIGHT_TRANSPORT_BPF_H
#define SIDELIGHT_TRANSPORT_BPF_H

/* A copy of a connection that the hooks write into is tried so often. */
#define TRANSPORT_TRIES 3

/* Macros of the kernel's headers, which BTF does not carry. */
#define EAGAIN 11
#define MSG_PEEK 2
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

/* When the thread's present read began; 0 when it is over. */
struct transport_read_entry {
	__u64 at_ns;
};

/*
 * Final records of connections. Written by the destroy hook, drained by userspace by a timer; 8000 connections that end
 * between two looks fit.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} transport_ring SEC(".maps");

/* Key: connection (or 0), namespace and reason; value: packets. Written by the drop hook; userspace removes the entries
 * of connections that are gone. What finds no room is counted. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct transport_drop_key);
	__type(value, __u64);
} transport_drops SEC(".maps");

/* Key: enum transport_counter; value: count since loading. Written by hooks and iterator, summed by userspace. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRANSPORT_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} transport_counters SEC(".maps");

/* One slot a CPU: the iterator's copy. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct transport);
} transport_scratch SEC(".maps");

/* Key: thread; value: when its read began. Written by the entry hooks where read times are wanted; freed with the
 * thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct transport_read_entry);
} transport_read_entries SEC(".maps");

static __always_inline void transport_count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&transport_counters, &counter);

	if (value)
		__sync_fetch_and_add(value, 1);
}

/* The least i with units <= 2^i, at most the last bucket; no instruction of BPF counts zeros. */
static __always_inline __u32 transport_bucket(__u64 units)
{
	__u32 bucket = 0;
	__u32 rest;

	if (units <= 1)
		return 0;
	if (units > 1u << (TRANSPORT_BUCKETS - 2))
		return TRANSPORT_BUCKETS - 1;
	rest = units - 1;
	if (rest >> 16) {
		bucket += 16;
		rest >>= 16;
	}
	if (rest >> 8) {
		bucket += 8;
		rest >>= 8;
	}
	if (rest >> 4) {
		bucket += 4;
		rest >>= 4;
	}
	if (rest >> 2) {
		bucket += 2;
		rest >>= 2;
	}
	bucket += 1 + (rest >> 1);
	/* Else the compiler folds away the bound that the verifier has to see. */
	barrier_var(bucket);
	return bucket < TRANSPORT_BUCKETS ? bucket : TRANSPORT_BUCKETS - 1;
}

/* Nanoseconds in buckets of 1024 and more: what is over a bound belongs above it. */
static __always_inline __u32 transport_time_bucket(__u64 ns)
{
	return transport_bucket((ns + 1023) >> 10);
}

/* Not under the socket's lock. */
static __always_inline void transport_time(struct transport_io *io, __u64 ns)
{
	__u32 bucket = transport_time_bucket(ns);

	__sync_fetch_and_add(&io->total_ns, ns);
	__sync_fetch_and_add(&io->buckets[bucket], 1);
}

/* The name as /proc/PID/exe has it, read now since a short-lived process is gone before its connection is reported. */
static __always_inline void transport_owner(struct transport_record *record)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const unsigned char *name = BPF_CORE_READ(task, mm, exe_file, f_path.dentry, d_name.name);

	record->tgid = pid_of_node(task);
	if (!name || bpf_probe_read_kernel_str(record->process, sizeof(record->process), name) < 0)
		bpf_get_current_comm(record->process, 16);
}

/*
 * Of a connection that is older than the watch too: positions less what was carried. A sent SYN counts as acknowledged
 * bytes at the initiator only.
 */
static __always_inline void transport_sequences(struct transport_record *record, const struct tcp_sock *tp, __u8 role)
{
	record->send_isn = tp->snd_una - (__u32)tp->bytes_acked - (role == HOP_ACCEPTOR);
	record->receive_isn = tp->rcv_nxt - (__u32)tp->bytes_received - 1;
	record->flags |= TRANSPORT_SEQUENCES;
}

/* Where the counting of bytes begins. */
static __always_inline void transport_on_first_sight(struct hop_state *state, const struct sock *sk,
						     const struct tcp_sock *tp)
{
	state->transport.seen_write_seq = tp->write_seq;
	state->transport.seen_copied_seq = tp->copied_seq;
	/* An opening one has its positions later. */
	if (sk->__sk_common.skc_state == TCP_ESTABLISHED)
		transport_sequences(&state->transport.record, tp, state->record.role);
}

static __always_inline void transport_on_progress(struct hop_state *state, __u64 now)
{
	struct transport_record *record = &state->transport.record;

	if (!record->process[0])
		transport_owner(record);
	if (state->record.role == HOP_ACCEPTOR && state->record.established_ns && !record->accept_ns)
		record->accept_ns = now - state->record.established_ns;
}

static __always_inline void transport_keep_first(struct transport_record *record, const struct message *message)
{
	__u64 filled = record->first_length;

	/* What is no user memory leaves a gap: later bytes are not the first. */
	if (!message->segment_count)
		filled = TRANSPORT_FIRST_BYTES;
	for (__u32 i = 0; i < SEGMENTS_MAX; i++) {
		__u64 length;

		if (i >= message->segment_count || filled >= TRANSPORT_FIRST_BYTES)
			break;
		length = message->segments[i].iov_len;
		if (length > TRANSPORT_FIRST_BYTES - filled)
			length = TRANSPORT_FIRST_BYTES - filled;
		/* As in append_head(); the verifier's worst case ends in `process`. */
		barrier_var(length);
		barrier_var(filled);
		if (filled >= TRANSPORT_FIRST_BYTES || length > TRANSPORT_FIRST_BYTES)
			break;
		if (bpf_probe_read_user(record->first_bytes + filled, length, message->segments[i].iov_base)) {
			filled = TRANSPORT_FIRST_BYTES;
			record->flags |= TRANSPORT_FIRST_UNREADABLE;
			break;
		}
		filled += length;
	}
	record->first_length = filled;
}

/* Entry of a send, or of a later chunk of it. Under the socket's lock, as are all transport_on_...(). */
static __always_inline void transport_on_send(struct hop_state *state, const struct tcp_sock *tp,
					      const struct message *message, __u64 now)
{
	struct transport *transport = &state->transport;
	struct transport_record *record = &transport->record;
	__u32 thread = bpf_get_current_pid_tgid();
	__u32 write_seq = tp->write_seq;
	__u32 rtt = tp->srtt_us >> 3;

	record->writes.bytes += write_seq - transport->seen_write_seq;
	transport->seen_write_seq = write_seq;
	if (transport->write_ns && transport->writer == thread)
		return;
	if (record->first_length < TRANSPORT_FIRST_BYTES)
		transport_keep_first(record, message);
	transport_on_progress(state, now);
	if (settings.call_ends & HOP_WRITE_END) {
		transport->writer = thread;
		transport->write_ns = now;
		transport->writer_sleeps = bpf_get_current_task_btf()->nvcsw;
	} else {
		record->writes.untimed++;
	}
	if (rtt) {
		record->rtt.total_us += rtt;
		record->rtt.buckets[transport_bucket(rtt)]++;
	}
}

/* Bytes were copied to the reader, a segment at a time. */
static __always_inline void transport_on_read(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					      __u64 now)
{
	struct transport *transport = &state->transport;
	struct transport_record *record = &transport->record;
	__u32 copied_seq = tp->copied_seq;
	__u32 bytes = copied_seq - transport->seen_copied_seq;

	transport->seen_copied_seq = copied_seq;
	/* splice takes the FIN, which counts one, with the data. */
	if ((sk->sk_shutdown & RCV_SHUTDOWN) && copied_seq == tp->rcv_nxt)
		bytes--;
	record->reads.bytes += bytes;
	transport_on_progress(state, now);
	if (!(settings.call_ends & HOP_READ_END))
		record->reads.untimed++;
}

/* Nothing is written from here on, and a FIN counts one. */
static __always_inline void transport_freeze(struct transport *transport, const struct tcp_sock *tp)
{
	if (transport->frozen)
		return;
	transport->record.writes.bytes += tp->write_seq - transport->seen_write_seq;
	transport->frozen = 1;
}

static __always_inline void transport_on_open(struct hop_state *state, const struct tcp_sock *tp, bool connecting,
					      bool initiator)
{
	struct transport *transport = &state->transport;
	struct transport_record *record = &transport->record;

	if (connecting) {
		transport_owner(record);
		return;
	}
	if (initiator && state->record.connect_ns)
		record->connect_ns = state->record.established_ns - state->record.connect_ns;
	transport->seen_write_seq = tp->write_seq;
	transport->seen_copied_seq = tp->copied_seq;
	record->send_isn = tp->write_seq - 1;
	record->receive_isn = tp->copied_seq - 1;
	record->flags |= TRANSPORT_SEQUENCES;
}

static __always_inline void transport_on_end(struct hop_state *state, const struct tcp_sock *tp, int to, __u64 now)
{
	struct transport *transport = &state->transport;
	struct transport_record *record = &transport->record;

	if (!record->closer)
		record->closer = to == TCP_FIN_WAIT1	? TRANSPORT_CLOSER_LOCAL
				 : to == TCP_CLOSE_WAIT ? TRANSPORT_CLOSER_REMOTE
							: TRANSPORT_CLOSER_RESET;
	if (to == TCP_CLOSE_WAIT)
		return;
	if (to != TCP_CLOSE)
		transport->fin_ns = now;
	transport_freeze(transport, tp);
}

static __always_inline void transport_identify(struct transport_record *record, const struct hop_state *state)
{
	const struct hop_record *hop = &state->record;

	record->version = TRANSPORT_VERSION;
	record->cookie = hop->cookie;
	record->netns = hop->netns;
	record->role = hop->role;
	record->local_port = hop->local_port;
	record->remote_port = hop->remote_port;
	__builtin_memcpy(record->local_address, hop->local_address, 16);
	__builtin_memcpy(record->remote_address, hop->remote_address, 16);
	if (state->tls)
		record->flags |= TRANSPORT_TLS;
}

/* The socket is gone. One that never was connected has nothing to say. */
static __always_inline void transport_on_destroy(struct hop_state *state, const struct tcp_sock *tp, __u64 now)
{
	struct transport *transport = &state->transport;
	struct transport_record *record = &transport->record;

	if (transport->ended || (state->record.connect_ns && !state->record.established_ns))
		return;
	transport->ended = 1;
	transport_freeze(transport, tp);
	transport_identify(record, state);
	record->retransmits = tp->total_retrans;
	record->reports = transport->reports;
	record->flags |= TRANSPORT_FINAL;
	if (transport->fin_ns)
		record->close_ns = now - transport->fin_ns;
	if (bpf_ringbuf_output(&transport_ring, record, sizeof(*record), BPF_RB_NO_WAKEUP))
		transport_count(TRANSPORT_COUNT_RING_FULL);
}

/* For the record's flags. */
static __always_inline __u32 transport_waited(const struct hop_state *state)
{
	return state->transport.waited ? HOP_WAITED_FOR_ROOM : 0;
}

/*
 * Whether a write waited for room, or its writer will have to: nothing was taken, or not all, or the thread slept, for
 * which a write has hardly another cause.
 */
static __always_inline bool transport_is_held_up(const struct sock *sk, int sent, const struct transport *transport,
						 bool began)
{
	if (sent == -EAGAIN || sock_is_full(sk))
		return true;
	return began && (__u32)bpf_get_current_task_btf()->nvcsw != transport->writer_sleeps;
}

static __always_inline void transport_write_exit(struct sock *sk, int sent)
{
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);
	__u32 thread = bpf_get_current_pid_tgid();
	struct transport *transport;
	__u64 began;

	if (!state)
		return;
	transport = &state->transport;
	began = transport->writer == thread ? transport->write_ns : 0;
	if (began)
		transport->write_ns = 0;
	/* Its bytes may have been answered by now: what the next turn holds is not of this write. */
	if (state->record.send_count && transport_is_held_up(sk, sent, transport, began))
		transport->waited = 1;
	if (sent <= 0)
		return;
	if (began)
		transport_time(&transport->record.writes, bpf_ktime_get_ns() - began);
	else
		__sync_fetch_and_add(&transport->record.writes.untimed, 1);
}

static __always_inline void transport_read_exit(struct sock *sk)
{
	struct hop_state *state = bpf_sk_storage_get(&sockets, sk, 0, 0);
	struct transport_read_entry *entry;

	if (!state)
		return;
	entry = bpf_task_storage_get(&transport_read_entries, bpf_get_current_task_btf(), 0, 0);
	if (entry && entry->at_ns) {
		transport_time(&state->transport.record.reads, bpf_ktime_get_ns() - entry->at_ns);
		entry->at_ns = 0;
	} else {
		__sync_fetch_and_add(&state->transport.record.reads.untimed, 1);
	}
}

static __always_inline void transport_read_entry(__u64 at_ns)
{
	struct transport_read_entry *entry;

	entry = bpf_task_storage_get(&transport_read_entries, bpf_get_current_task_btf(), 0,
				     at_ns ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	if (entry)
		entry->at_ns = at_ns;
}

#ifdef __TARGET_ARCH_arm64
#define SYS_read 63
#define SYS_readv 65
#define SYS_recvfrom 207
#define SYS_recvmsg 212
#define SYS_recvmmsg 243
#define SYS_splice 76
#define SYS_io_uring_enter 426
#else
#define SYS_read 0
#define SYS_readv 19
#define SYS_recvfrom 45
#define SYS_recvmsg 47
#define SYS_recvmmsg 299
#define SYS_splice 275
#define SYS_io_uring_enter 426
#endif

static __always_inline bool transport_is_read(long id)
{
	return id == SYS_read || id == SYS_readv || id == SYS_recvfrom || id == SYS_recvmsg;
}

/* These read as well, but not once a call: their reads have no time, and must not take another call's. */
static __always_inline bool transport_reads_otherwise(long id)
{
	return id == SYS_recvmmsg || id == SYS_splice || id == SYS_io_uring_enter;
}

/* All that only grows, added up: the same sum is the same connection. */
static __always_inline __u64 transport_sum(const struct transport_record *record)
{
	return record->writes.bytes + record->writes.total_ns + record->writes.untimed + record->reads.bytes +
	       record->reads.total_ns + record->reads.untimed + record->retransmits + record->accept_ns +
	       record->connect_ns + record->closer;
}

/* Copies a connection that the hooks may be writing; false when they did so each time. */
static __always_inline bool transport_copy(struct hop_state *state, struct transport *copy, const struct tcp_sock *tp)
{
	for (int i = 0; i < TRANSPORT_TRIES; i++) {
		__u64 generation = __sync_fetch_and_add(&state->generation, 0);
		__u32 write_seq;

		if (generation & 1)
			continue;
		if (bpf_probe_read_kernel(copy, sizeof(*copy), &state->transport))
			return false;
		write_seq = BPF_CORE_READ(tp, write_seq);
		if (__sync_fetch_and_add(&state->generation, 0) != generation)
			continue;
		if (!copy->frozen)
			copy->record.writes.bytes += write_seq - copy->seen_write_seq;
		return true;
	}
	return false;
}

/* What changed since its last report. An iterator that finds no room in its page comes again with the same socket. */
static __always_inline void transport_report(struct seq_file *seq, struct sock *sk, struct hop_state *state)
{
	const struct tcp_sock *tp = (const struct tcp_sock *)sk;
	__u32 zero = 0;
	struct transport *copy = bpf_map_lookup_elem(&transport_scratch, &zero);
	struct transport_record *record;
	__u64 sum;

	if (!copy)
		return;
	if (!transport_copy(state, copy, tp)) {
		transport_count(TRANSPORT_COUNT_TORN);
		return;
	}
	record = &copy->record;
	record->retransmits = BPF_CORE_READ(tp, total_retrans);
	sum = transport_sum(record);
	/* A socket that is still connecting has nothing to say either. */
	if (copy->ended || !record->process[0] || sum == copy->reported_sum)
		return;
	transport_identify(record, state);
	record->reports = copy->reports;
	if (bpf_seq_write(seq, record, sizeof(*record)))
		return;
	state->transport.reports = copy->reports + 1;
	state->transport.reported_sum = sum;
}

/* The segment was taken as it was meant: what it says is over, or a queue is emptied at the end. */
static __always_inline bool transport_is_drop(__u32 reason)
{
	if (reason <= bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED))
		return false;
	if (bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_QUEUE_PURGE) &&
	    reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_QUEUE_PURGE))
		return false;
	if (bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_TCP_RESET) &&
	    reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_TCP_RESET))
		return false;
	return true;
}

static __always_inline bool transport_is_tcp(const struct sk_buff *skb)
{
	const unsigned char *header = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	__u16 protocol = BPF_CORE_READ(skb, protocol);
	__u8 next = 0;

	/* protocol of struct iphdr, nexthdr of struct ipv6hdr */
	if (protocol == bpf_htons(ETH_P_IP))
		bpf_probe_read_kernel(&next, 1, header + 9);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		bpf_probe_read_kernel(&next, 1, header + 6);
	return next == IPPROTO_TCP;
}

/* A request or a socket in TIME_WAIT has the common part only. */
static __always_inline bool transport_is_full(const struct sock *sk)
{
	__u8 state = BPF_CORE_READ(sk, __sk_common.skc_state);

	return state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV;
}

static __always_inline void transport_dropped(const struct sk_buff *skb, const struct sock *sk, __u32 reason)
{
	struct transport_drop_key key = { .reason = reason };
	__u64 *packets;
	__u64 one = 1;

	if (sk)
		key.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	else
		key.netns = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	if (!bpf_map_lookup_elem(&watched, &key.netns))
		return;
	if (!transport_is_tcp(skb) && !(sk && transport_is_full(sk) && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP))
		return;
	if (sk && transport_is_full(sk))
		key.cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	packets = bpf_map_lookup_elem(&transport_drops, &key);
	if (packets)
		__sync_fetch_and_add(packets, 1);
	else if (bpf_map_update_elem(&transport_drops, &key, &one, BPF_NOEXIST))
		transport_count(TRANSPORT_COUNT_DROPS_FULL);
}

/*
 * The end of a write, whatever call made it; not under the socket's lock. Only sockets of watched namespaces have a
 * state, and that there is none is known sooner than whether the namespace is watched. Since 6.3.
 */
SEC("?tp_btf/sock_send_length")
int BPF_PROG(transport_write_end, struct sock *sk, int ret)
{
	if (sk->sk_protocol == IPPROTO_TCP)
		transport_write_exit(sk, ret);
	return 0;
}

/* The end of a read that returned bytes and took them. Since 6.3. */
SEC("?tp_btf/sock_recv_length")
int BPF_PROG(transport_read_end, struct sock *sk, int ret, int flags)
{
	if (ret > 0 && !(flags & MSG_PEEK) && sk->sk_protocol == IPPROTO_TCP)
		transport_read_exit(sk);
	return 0;
}

/* The same where fexit loads and the tracepoint is missing. */
SEC("?fexit/tcp_sendmsg")
int BPF_PROG(transport_write_end_fexit, struct sock *sk, struct msghdr *msg, size_t size, int ret)
{
	transport_write_exit(sk, ret);
	return 0;
}

/* The same; with these arguments since 5.19. */
SEC("?fexit/tcp_recvmsg")
int BPF_PROG(transport_read_end_fexit, struct sock *sk, struct msghdr *msg, size_t size, int flags, int *length,
	     int ret)
{
	if (ret > 0 && !(flags & MSG_PEEK))
		transport_read_exit(sk);
	return 0;
}

/* When a read begins, where fentry loads. */
SEC("?fentry/tcp_recvmsg")
int BPF_PROG(transport_read_begin, struct sock *sk)
{
	if (sock_watched(sk))
		transport_read_entry(bpf_ktime_get_ns());
	return 0;
}

/* When a read begins, else: taxes every system call on the node, so it is loaded by a setting only. Since 4.17. */
SEC("?tp_btf/sys_enter")
int BPF_PROG(transport_read_begin_syscall, struct pt_regs *regs, long id)
{
	struct task_struct *task;
	__u32 netns;

	if (!transport_is_read(id) && !transport_reads_otherwise(id))
		return 0;
	task = bpf_get_current_task_btf();
	netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	if (bpf_map_lookup_elem(&watched, &netns))
		transport_read_entry(transport_is_read(id) ? bpf_ktime_get_ns() : 0);
	return 0;
}

/* Packets that were thrown away, and why. With a reason since 5.17, with the receiving socket since 6.11. */
SEC("?tp_btf/kfree_skb")
int BPF_PROG(transport_drop, struct sk_buff *skb, void *location, enum skb_drop_reason reason)
{
	const struct sock *sk;

	if (!transport_is_drop(reason))
		return 0;
	sk = BPF_CORE_READ(skb, sk);
	if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, rx_sk) && ctx[3])
		sk = (const struct sock *)ctx[3];
	transport_dropped(skb, sk, reason);
	return 0;
}

/* What open connections have carried. Since 5.9. */
SEC("?iter/bpf_sk_storage_map")
int transport_reports(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct hop_state *state = ctx->value;

	if (sk && state)
		transport_report(ctx->meta->seq, sk, state);
	return 0;
}

#endif
