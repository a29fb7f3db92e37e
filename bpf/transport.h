/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * What a connection has carried, as userspace reads it: from the iterator while it is open, from its own ring when it
 * ends. Java reads it by dev.sidelight.probe.transport.TransportField; a test there compares offsets with this object's
 * BTF.
 */
#ifndef SIDELIGHT_TRANSPORT_H
#define SIDELIGHT_TRANSPORT_H

#define TRANSPORT_VERSION 1

/*
 * Bucket i counts what took at most 2^(10 + i) ns (of a round trip: 2^i us), the last what took longer: 1 us to 16 s in
 * powers of two.
 */
#define TRANSPORT_BUCKETS 26
#define TRANSPORT_FIRST_BYTES 16
#define TRANSPORT_PROCESS_BYTES 32

/* Who sent the first FIN; a connection that ended without one was reset. */
enum transport_closer {
	TRANSPORT_CLOSER_NONE = 0,
	TRANSPORT_CLOSER_LOCAL = 1,
	TRANSPORT_CLOSER_REMOTE = 2,
	TRANSPORT_CLOSER_RESET = 3,
};

enum transport_flag {
	/* The last record of its connection. */
	TRANSPORT_FINAL = 1,
	/* Some send began with a TLS record. */
	TRANSPORT_TLS = 2,
	/* The initial sequence numbers are known. */
	TRANSPORT_SEQUENCES = 4,
	/* The first bytes lay in memory that was not present. */
	TRANSPORT_FIRST_UNREADABLE = 8,
};

/* Calls of one direction: those without a time, and the others by their time. */
struct transport_io {
	__u64 bytes;
	__u64 total_ns;
	__u32 untimed;
	__u32 buckets[TRANSPORT_BUCKETS];
	__u32 pad;
};

/* The smoothed round trip at each write. */
struct transport_rtt {
	__u64 total_us;
	__u32 buckets[TRANSPORT_BUCKETS];
};

/* All counts are since the connection was first seen. Durations are 0 until they are known. */
struct transport_record {
	__u64 cookie;
	__u64 connect_ns;
	__u64 accept_ns;
	__u64 close_ns;
	struct transport_io writes;
	struct transport_io reads;
	struct transport_rtt rtt;
	__u32 version;
	__u32 netns;
	__u32 tgid;
	__u32 retransmits;
	/* Of the own direction and of the peer's: the peer has them the other way round, whatever NAT did. */
	__u32 send_isn;
	__u32 receive_isn;
	/* How many records of this connection came before. */
	__u32 reports;
	__u32 flags;
	__u16 local_port;
	__u16 remote_port;
	__u8 role;
	__u8 closer;
	__u8 first_length;
	__u8 pad;
	__u8 local_address[16];
	__u8 remote_address[16];
	/* The first bytes that this end sent; they tell the protocol and go nowhere else. */
	__u8 first_bytes[TRANSPORT_FIRST_BYTES];
	/* File name of the owner's executable. */
	char process[TRANSPORT_PROCESS_BYTES];
};

_Static_assert(sizeof(struct transport_record) == 520, "transport_record is read by Java at fixed offsets");

/* Packets that the kernel dropped; cookie 0 where no socket is known. */
struct transport_drop_key {
	__u64 cookie;
	__u32 netns;
	__u32 reason;
};

/* Index into the per-CPU counters. */
enum transport_counter {
	/* Final records that the ring had no room for. */
	TRANSPORT_COUNT_RING_FULL = 0,
	/* Drops that the map had no room for. */
	TRANSPORT_COUNT_DROPS_FULL = 1,
	/* Reports put off since the hooks were writing. */
	TRANSPORT_COUNT_TORN = 2,
	TRANSPORT_COUNTERS = 3,
};

#endif
