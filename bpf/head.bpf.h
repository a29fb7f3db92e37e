/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/* The sender's own user memory: what kind of bytes it sends, and the head of its request or response. */
#ifndef SIDELIGHT_HEAD_BPF_H
#define SIDELIGHT_HEAD_BPF_H

#define SEGMENTS_MAX 4
/* A head that comes in more sends than this is cut. */
#define HEAD_SENDS_MAX 4
#define PEEK_BYTES 8

/* The record types of TLS: change_cipher_spec 20, alert 21, handshake 22, application_data 23. */
#define TLS_ALERT 21
#define TLS_APPLICATION_DATA 23

/* A message in the sender's memory: its first segments, and its length. */
struct message {
	struct iovec segments[SEGMENTS_MAX];
	__u64 bytes;
	__u32 segment_count;
	__u32 pad;
};

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

/* Of a message with no turn before it: stricter for a request, since a body may begin with capitals. */
static __always_inline bool is_further_head(const __u8 *head, __u8 role)
{
	if (!is_http1(head, role))
		return false;
	return role == HOP_ACCEPTOR || head[3] == ' ' || head[4] == ' ' || head[5] == ' ' || head[6] == ' ' ||
	       head[7] == ' ';
}

/* False where the bytes are not in the sender's user memory: sendfile, splice, a kernel's own socket. */
static __always_inline bool message_of(const struct iov_iter *iter, struct message *message)
{
	__u64 offset = iter->iov_offset;
	__u32 count;

	message->bytes = iter->count;
	if (fix_iter_is_ubuf(iter)) {
		message->segments[0].iov_base = fix_iter_ubuf(iter) + offset;
		message->segments[0].iov_len = message->bytes;
		message->segment_count = 1;
		return true;
	}
	if (iter->iter_type != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		return false;
	count = iter->nr_segs;
	if (count > SEGMENTS_MAX)
		count = SEGMENTS_MAX;
	if (!count || bpf_probe_read_kernel(message->segments, count * sizeof(struct iovec), fix_iter_iov(iter)))
		return false;
	message->segments[0].iov_base += offset;
	message->segments[0].iov_len -= offset;
	message->segment_count = count;
	return true;
}

static __always_inline bool peek(const struct message *message, __u8 head[PEEK_BYTES])
{
	if (message->segments[0].iov_len < PEEK_BYTES)
		return false;
	return !bpf_probe_read_user(head, PEEK_BYTES, message->segments[0].iov_base);
}

/* Appends up to `limit` bytes of the message as a head of its own. */
static __always_inline void append_head(struct hop_state *state, const struct message *message, __u32 position,
					__u64 limit)
{
	__u64 begin = state->record.heads_length;
	__u64 filled = begin + sizeof(struct hop_head);
	struct hop_head *head;

	if (filled > HOP_HEADS_MAX)
		return;
	limit += filled;
	for (__u32 i = 0; i < SEGMENTS_MAX; i++) {
		__u64 length = limit - filled;

		if (i >= message->segment_count || filled >= limit || filled >= HOP_HEADS_MAX)
			break;
		if (length > message->segments[i].iov_len)
			length = message->segments[i].iov_len;
		if (length > HOP_HEADS_MAX - filled)
			length = HOP_HEADS_MAX - filled;
		/* Otherwise the compiler folds the bounds away that the verifier has to see. */
		barrier_var(length);
		barrier_var(filled);
		if (length > HOP_HEADS_MAX || filled >= HOP_HEADS_MAX)
			break;
		if (bpf_probe_read_user(state->heads + filled, length, message->segments[i].iov_base))
			break;
		filled += length;
	}
	barrier_var(begin);
	if (begin > HOP_HEADS_MAX - sizeof(*head))
		return;
	head = (struct hop_head *)(state->heads + begin);
	head->position = position;
	head->length = filled - begin - sizeof(*head);
	head->kind = HOP_HEAD_SENT;
	head->pad = 0;
	state->record.heads_length = filled;
	state->head_next = position + head->length;
}

#endif
