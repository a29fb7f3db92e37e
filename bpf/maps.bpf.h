/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
#ifndef SIDELIGHT_MAPS_BPF_H
#define SIDELIGHT_MAPS_BPF_H

#include "transport.h"
#include "watched.bpf.h"

struct listener_key {
	__u32 netns;
	__u16 port;
	__u16 pad;
};

/* What the socket carried, and what counting it takes. `reports` and `reported_sum` are the iterator's. */
struct transport {
	struct transport_record record;
	/* The write that is under way, 0 for none, and its thread. */
	__u64 write_ns;
	__u64 fin_ns;
	__u64 reported_sum;
	__u32 writer;
	__u32 seen_write_seq;
	__u32 seen_copied_seq;
	__u32 reports;
	/* How often the writer's thread had slept when its write began. */
	__u32 writer_sleeps;
	__u8 frozen;
	__u8 ended;
	/* A write of this turn found the socket full. The ends of writes set it, without the lock. */
	__u8 waited;
	__u8 pad;
};

/*
 * The turn that a socket is in. Written by the hooks only, all of which run under the socket's lock, but for `flushed`,
 * which only the iterator writes. `generation` is odd while a hook writes.
 */
struct hop_state {
	__u64 generation;
	__u64 flushed;
	__u32 seen_rcv_nxt;
	__u32 seen_copied_seq;
	__u32 retransmits_base;
	__u32 drops_base;
	__u32 fin_position;
	/* Where a head goes on that came in several sends, and how many they were. */
	__u32 head_next;
	__u8 head_sends;
	__u8 fin_sent;
	__u8 tls;
	/* Threads that call OpenSSL read or write it. */
	__u8 openssl;
	/* What its application wrote of this turn has begun. */
	__u8 plain_sends;
	/* HTTP/2: a walk along its frames that lost its place, and at how many sends it was looked for. */
	__u8 frame_lost;
	__u8 frame_tries;
	/* Bytes there are of a header that comes in pieces. */
	__u8 frame_filled;
	__u8 frame_header[12];
	/* Position of the next frame's header, position up to which payload is kept, position up to which was walked.
	 */
	__u32 frame_next;
	__u32 frame_kept;
	__u32 frame_walked;
	/* When the record of an HTTP/2 connection began. */
	__u64 chunk_ns;
	struct transport transport;
	struct hop_record record;
	/* Twice what is used: the verifier adds the largest offset and the largest length. */
	__u8 heads[2 * HOP_HEADS_MAX];
};

/* What the iterator copies a state to before it knows that the copy is whole. */
struct hop_copy {
	struct hop_record record;
	__u8 heads[2 * HOP_HEADS_MAX];
};

/*
 * Key: socket; value: its turn. Written by the hooks; freed by the kernel with the socket; no limit but memory
 * (3.2 KB a socket of a watched pod).
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct hop_state);
} sockets SEC(".maps");

/*
 * Key: namespace and local port that somebody listens on; value: nothing. Written by userspace when a namespace becomes
 * watched, by the state hook from then on. Read once for a connection that is older than the watch. The least recently
 * used goes first; a listener more than there is does no harm, since connections seen from their start do not ask.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener_key);
	__type(value, __u8);
} listeners SEC(".maps");

/* Records, each with its heads. Userspace sets the size before loading and drains by a timer: nobody is woken. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

/* Key: enum hop_counter; value: count since loading. Written by hooks and iterator, summed by userspace. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, HOP_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* One slot: the iterator's copy. One iterator runs at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct hop_copy);
} scratch SEC(".maps");

static __always_inline void count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		__sync_fetch_and_add(value, 1);
}

#endif
