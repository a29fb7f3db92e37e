/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * What the ring buffer carries to userspace. Java reads it by dev.sidelight.probe.event.WireLayout; a test there
 * compares sizes and offsets with this object's BTF.
 */
#ifndef SIDELIGHT_HOP_H
#define SIDELIGHT_HOP_H

#define HOP_RECORD_VERSION 1

/* Bytes of a head that can follow a record. */
#define HOP_PREFIX_MAX 1024

enum hop_role {
	HOP_ROLE_UNKNOWN = 0,
	HOP_INITIATOR = 1,
	HOP_ACCEPTOR = 2,
};

/* The bits of the contract's ExchangeFlag. */
enum hop_flag {
	HOP_READ_AFTER_SEND = 1,
	HOP_ARRIVAL_WHILE_SENDING = 2,
	HOP_ARRIVAL_BEFORE_ACCEPT = 4,
	HOP_IDLE_FLUSH = 8,
	HOP_CLOSED = 16,
};

/* Index into the per-CPU counters. */
enum hop_counter {
	HOP_COUNT_EMITTED = 0,
	HOP_COUNT_RING_FULL = 1,
	HOP_COUNT_STORAGE_FULL = 2,
	HOP_COUNT_FLUSH_TORN = 3,
	HOP_COUNTERS = 4,
};

/* Set by userspace before the object is loaded; the only member of .rodata. */
struct hop_settings {
	/* A complete exchange on a connection that is idle for so long is emitted by the iterator. */
	__u64 idle_ns;
	/* Bytes of a request's head that are kept: enough for the x-request-id that Envoy adds towards its end. */
	__u32 request_prefix_bytes;
	/* Of a response only the status line is of use. */
	__u32 response_prefix_bytes;
	/* tcp_destroy_sock is attached: the last read may then come after TCP_CLOSE. */
	__u32 has_destroy_hook;
	__u32 pad;
};

_Static_assert(sizeof(struct hop_settings) == 24, "hop_settings is written by Java at fixed offsets");

/*
 * One end of an exchange. Times are bpf_ktime_get_ns(), 0 where not seen; positions are TCP sequence numbers, an end
 * that of the byte after the last. Addresses are IPv6, IPv4 in its mapped form; ports are in host order.
 */
struct hop_record {
	__u64 cookie;
	__u64 connect_ns;
	__u64 established_ns;
	__u64 first_send_ns;
	__u64 last_send_ns;
	__u64 first_arrival_ns;
	__u64 last_arrival_ns;
	__u64 first_read_ns;
	__u64 last_read_ns;
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
	__u32 sends;
	__u32 arrivals;
	__u32 reads;
	__u32 flags;
	__u16 local_port;
	__u16 remote_port;
	__u16 prefix_length;
	__u8 role;
	__u8 pad;
	__u8 local_address[16];
	__u8 remote_address[16];
	/* prefix_length bytes of the head that this end sent first follow. */
};

_Static_assert(sizeof(struct hop_record) == 176, "hop_record is read by Java at fixed offsets");

#endif
