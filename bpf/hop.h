/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * What the ring buffer carries to userspace. Java reads it by dev.sidelight.probe.event.WireLayout; a test there
 * compares sizes and offsets with this object's BTF.
 */
#ifndef SIDELIGHT_HOP_H
#define SIDELIGHT_HOP_H

#define HOP_RECORD_VERSION 2

/* Entries that a record keeps of each kind of I/O: the first two and the last two. */
#define HOP_ENTRIES 4

/* Bytes of heads that can follow a record, their own descriptions included. */
#define HOP_HEADS_MAX 1024

enum hop_role {
	HOP_ROLE_UNKNOWN = 0,
	HOP_INITIATOR = 1,
	HOP_ACCEPTOR = 2,
};

/* How the connection's bytes are cut. */
enum hop_mode {
	/* By turn-taking: one record a turn. */
	HOP_MODE_TURNS = 0,
	/* Streams of HTTP/2 run side by side: a record is a stretch of the connection, and userspace cuts. */
	HOP_MODE_HTTP2 = 1,
};

/* Up to HOP_WAITED_FOR_ROOM the bits of the contract's ExchangeFlag. */
enum hop_flag {
	HOP_READ_AFTER_SEND = 1,
	HOP_ARRIVAL_WHILE_SENDING = 2,
	HOP_ARRIVAL_BEFORE_ACCEPT = 4,
	HOP_IDLE_FLUSH = 8,
	HOP_CLOSED = 16,
	HOP_WAITED_FOR_ROOM = 32,
	/* This end is about to send its close_notify: what arrived last may be the peer's. */
	HOP_ENDING = 1 << 16,
	/* An arrival was not seen, of bytes that were read. */
	HOP_ARRIVAL_MISSED = 1 << 17,
	/* It was the first, or the last: no time of arrival is to be believed. */
	HOP_FIRST_ARRIVAL_MISSED = 1 << 18,
	HOP_LAST_ARRIVAL_MISSED = 1 << 19,
};

enum hop_entry_flag {
	/* A TLS alert alone: sent, known by its bytes; arrived, by its size, to be believed only where the connection
	   ends. */
	HOP_ENTRY_ALERT = 1,
	/* TLS bytes of an application's SSL_read or SSL_write, rather than of a handshake. */
	HOP_ENTRY_PLAIN = 2,
};

enum hop_head_kind {
	HOP_HEAD_SENT = 1,
	HOP_HEAD_PLAIN_SENT = 2,
	HOP_HEAD_PLAIN_RECEIVED = 3,
	HOP_HEAD_FRAME = 4,
};

/* Index into the per-CPU counters. */
enum hop_counter {
	HOP_COUNT_EMITTED = 0,
	HOP_COUNT_RING_FULL = 1,
	HOP_COUNT_STORAGE_FULL = 2,
	HOP_COUNT_FLUSH_TORN = 3,
	/* A walk along HTTP/2 frames lost its place: bytes passed that it did not see, or that are no frame. */
	HOP_COUNT_FRAMES_LOST = 4,
	/* The sender's memory could not be read. */
	HOP_COUNT_FRAMES_UNREAD = 5,
	/* Reads of bytes of whose arrival the hook was not told. */
	HOP_COUNT_ARRIVALS_MISSED = 6,
	HOP_COUNTERS = 7,
};

enum hop_call_end {
	HOP_WRITE_END = 1,
	HOP_READ_END = 2,
};

/* Set by userspace before the object is loaded; the only member of .rodata. */
struct hop_settings {
	/* A complete exchange on a connection that is idle for so long is emitted by the iterator. */
	__u64 idle_ns;
	/* Bytes of a request's head that are kept: enough for the x-request-id that Envoy adds towards its end. */
	__u32 request_prefix_bytes;
	/* Of a response only the status line is of use, but where WATCH_WHOLE_HEADS is set. */
	__u32 response_prefix_bytes;
	/* tcp_destroy_sock is attached: the last read may then come after TCP_CLOSE. */
	__u32 has_destroy_hook;
	/* Bits of enum hop_call_end: which ends of calls have a hook. */
	__u32 call_ends;
	/* Inode of the PID namespace that process ids are told in; 0: the machine's own. */
	__u32 pid_namespace;
	__u32 pad;
};

_Static_assert(sizeof(struct hop_settings) == 32, "hop_settings is written by Java at fixed offsets");

/* Something that happened to a socket. */
struct hop_entry {
	__u64 at_ns;
	/* Send: where its bytes begin. Arrival: after the last byte in the socket. Read: after the last byte read. */
	__u32 position;
	__u8 flags;
	__u8 pad[3];
};

_Static_assert(sizeof(struct hop_entry) == 16, "hop_entry is read by Java at fixed offsets");

/* A port that a process listens on, from an iterator. */
struct hop_listener {
	__u32 netns;
	__u32 tgid;
	__u32 port;
};

_Static_assert(sizeof(struct hop_listener) == 12, "hop_listener is read by Java at fixed offsets");

/* Stands before the bytes of a head. */
struct hop_head {
	__u32 position;
	__u16 length;
	__u8 kind;
	__u8 pad;
};

_Static_assert(sizeof(struct hop_head) == 8, "hop_head is read by Java at fixed offsets");

/*
 * One end of a turn: of a request and its response. Times are bpf_ktime_get_ns(), 0 where not seen; positions are TCP
 * sequence numbers, an end that of the byte after the last. Addresses are IPv6, IPv4 in its mapped form; ports are in
 * host order. Counts are of all I/O; of more than HOP_ENTRIES the entries are the first two and the last two.
 */
struct hop_record {
	__u64 cookie;
	__u64 connect_ns;
	__u64 established_ns;
	struct hop_entry sends[HOP_ENTRIES];
	struct hop_entry arrivals[HOP_ENTRIES];
	struct hop_entry reads[HOP_ENTRIES];
	__u32 version;
	__u32 netns;
	__u32 exchange_index;
	__u32 send_start;
	__u32 send_end;
	__u32 receive_start;
	__u32 receive_end;
	__u32 srtt_us;
	__u32 retransmits;
	__u32 drops;
	__u32 sender_tgid;
	__u32 reader_tgid;
	__u32 send_count;
	__u32 arrival_count;
	__u32 read_count;
	__u32 flags;
	__u16 local_port;
	__u16 remote_port;
	__u16 heads_length;
	__u8 role;
	__u8 mode;
	__u8 local_address[16];
	__u8 remote_address[16];
	/* heads_length bytes follow: each head a struct hop_head and its bytes. */
};

_Static_assert(sizeof(struct hop_record) == 320, "hop_record is read by Java at fixed offsets");

#endif
