/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * What the programs in an application's OpenSSL (tls.bpf.c) and the hooks of its sockets (hop.bpf.c, by plain.bpf.h)
 * tell one another. The two objects share these maps and `watched`; userspace joins them before it loads the second.
 */
#ifndef SIDELIGHT_TLS_BPF_H
#define SIDELIGHT_TLS_BPF_H

/* Bytes kept of what SSL_read gave or SSL_write took; of a response only the status line is of use. */
#define TLS_HEAD_MAX 1024
#define TLS_STATUS_MAX 64
/* A head that comes in more reads than this is cut. */
#define TLS_HEAD_READS_MAX 4

/* The cookie of an attachment; Java's SslFunction has the same numbers. */
enum tls_call {
	TLS_NO_CALL = 0,
	TLS_READ = 1,
	TLS_READ_EX = 2,
	TLS_WRITE = 3,
	TLS_WRITE_EX = 4,
	TLS_HANDSHAKE = 5,
	TLS_FREE = 6,
};

/* What the thread's last read outside OpenSSL tells about the SSL that is called next. */
enum tls_fresh {
	TLS_STALE = 0,
	TLS_FRESH = 1,
	/* Two sockets were read with no call between: which of them it is about cannot be known. */
	TLS_AMBIGUOUS = 2,
};

struct tls_thread {
	__u64 ssl;
	__u64 buffer;
	/* Of SSL_read_ex: where it puts the length. */
	__u64 length_at;
	/* Of SSL_write: how much it is given. */
	__u64 bytes;
	/* The socket that was used within the call, and when it was last read. */
	__u64 nested_cookie;
	__u64 nested_read_ns;
	/* The TLS socket that was read last outside any call. */
	__u64 last_cookie;
	__u64 last_read_ns;
	__u32 call;
	__u32 fresh;
};

struct tls_key {
	__u64 ssl;
	__u32 tgid;
	__u32 pad;
};

/*
 * Plaintext of the exchange that a socket is in. `received` is written by the programs and taken by the socket's hooks
 * at the exchange's end; `sent`, used only with memory BIOs, is taken by the next send.
 */
struct tls_plain {
	/* The read that brought the first plaintext: the reader's entry with this time. */
	__u64 read_ns;
	__u32 reads;
	__u32 received_length;
	__u32 sent_length;
	__u32 sent_fresh;
	/* Twice what is used: the verifier adds the largest offset and the largest length. */
	__u8 received[2 * TLS_HEAD_MAX];
	__u8 sent[TLS_HEAD_MAX];
};

/*
 * Key: thread id as bpf_get_current_pid_tgid() gives it; value: the call it is in. An entry is made by a thread's first
 * call and stays, so that the sockets' hooks know its threads from those of Envoy, which have none. The least recently
 * used goes first; a thread that comes back has lost one binding at most.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, struct tls_thread);
} tls_threads SEC(".maps");

/*
 * Key: cookie of a socket; value: its plaintext. Made by the first call that knows its socket, deleted with the socket.
 * Needed only while an exchange is under way: so many at once on a node (6.5 MB); the least recently used loses its
 * names, not its points.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, __u64);
	__type(value, struct tls_plain);
} tls_plains SEC(".maps");

/* The plaintext of either side begins like one of HTTP/1: METHOD or HTTP. */
static __always_inline bool tls_is_head(const __u8 *head)
{
	for (int i = 0; i < 3; i++)
		if (head[i] < 'A' || head[i] > 'Z')
			return false;
	return true;
}

static __always_inline bool tls_is_response(const __u8 *head)
{
	return head[0] == 'H' && head[1] == 'T' && head[2] == 'T' && head[3] == 'P';
}

static __always_inline bool tls_is_write(__u32 call)
{
	return call == TLS_WRITE || call == TLS_WRITE_EX;
}

#endif
