/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/* The sender's own user memory: what kind of bytes it sends, and the head of its request or response. */
#ifndef SIDELIGHT_HEAD_BPF_H
#define SIDELIGHT_HEAD_BPF_H

#define SEGMENTS_MAX 4
/* A head that comes in more sends than this is cut. */
#define PREFIX_SENDS_MAX 4

/* The record types of TLS: change_cipher_spec 20, alert 21, handshake 22, application_data 23. */
#define TLS_ALERT 21
#define TLS_APPLICATION_DATA 23

/* close_notify by wire size: TLS 1.3; TLS 1.2 with an explicit nonce; TLS 1.2 with ChaCha20. */
static __always_inline bool is_alert_size(__u64 bytes)
{
	return bytes == 24 || bytes == 31 || bytes == 23;
}

static __always_inline bool is_tls(const __u8 *head)
{
	return head[0] >= 20 && head[0] <= TLS_APPLICATION_DATA && head[1] == 3;
}

/* TLS 1.3 hides an alert as application data of 19 bytes: nothing of HTTP is that short. */
static __always_inline bool is_alert(const __u8 *head, __u64 bytes)
{
	if (!is_alert_size(bytes) || !is_tls(head) || head[3] || head[4] + 5u != bytes)
		return false;
	return head[0] == TLS_ALERT || (head[0] == TLS_APPLICATION_DATA && bytes == 24);
}

static __always_inline bool is_upper(__u8 c)
{
	return c >= 'A' && c <= 'Z';
}

static __always_inline bool is_http1(const __u8 *head, __u8 role)
{
	if (role == HOP_INITIATOR)
		return is_upper(head[0]) && is_upper(head[1]) && is_upper(head[2]);
	return head[0] == 'H' && head[1] == 'T' && head[2] == 'T' && head[3] == 'P' && head[4] == '/' && head[5] == '1';
}

static __always_inline bool iter_is(const struct iov_iter *iter, __u64 type)
{
	return BPF_CORE_READ(iter, iter_type) == type;
}

static __always_inline bool segment_at(const struct iov_iter *iter, __u32 index, struct iovec *segment)
{
	__u64 offset = BPF_CORE_READ(iter, iov_offset);

	if (iter_is(iter, bpf_core_enum_value(enum iter_type, ITER_UBUF))) {
		segment->iov_base = BPF_CORE_READ(iter, ubuf) + offset;
		segment->iov_len = BPF_CORE_READ(iter, count);
		return index == 0;
	}
	if (!iter_is(iter, bpf_core_enum_value(enum iter_type, ITER_IOVEC)) || index >= BPF_CORE_READ(iter, nr_segs))
		return false;
	if (bpf_probe_read_kernel(segment, sizeof(*segment), BPF_CORE_READ(iter, __iov) + index))
		return false;
	if (index == 0) {
		segment->iov_base += offset;
		segment->iov_len -= offset;
	}
	return true;
}

static __always_inline bool peek(const struct iov_iter *iter, __u8 head[8])
{
	struct iovec segment = {};

	if (!segment_at(iter, 0, &segment) || segment.iov_len < 8)
		return false;
	return !bpf_probe_read_user(head, 8, segment.iov_base);
}

/* Appends what the iterator holds, up to `limit` bytes in all. */
static __always_inline void append(struct hop_state *state, const struct iov_iter *iter, __u64 limit)
{
	__u64 filled = state->record.prefix_length;

	for (__u32 i = 0; i < SEGMENTS_MAX; i++) {
		struct iovec segment = {};

		if (filled >= limit || filled >= HOP_PREFIX_MAX || !segment_at(iter, i, &segment))
			break;
		__u64 length = limit - filled;

		if (length > segment.iov_len)
			length = segment.iov_len;
		if (length > HOP_PREFIX_MAX)
			length = HOP_PREFIX_MAX;
		/* Otherwise the compiler folds the bounds away that the verifier has to see. */
		barrier_var(length);
		barrier_var(filled);
		if (length > HOP_PREFIX_MAX || filled >= HOP_PREFIX_MAX)
			break;
		if (bpf_probe_read_user(state->prefix + filled, length, segment.iov_base))
			break;
		filled += length;
	}
	state->record.prefix_length = filled > HOP_PREFIX_MAX ? HOP_PREFIX_MAX : filled;
}

#endif
