/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/* The socket's side of what tls.bpf.c sees: which of its bytes are an application's plaintext, and how that begins. */
#ifndef SIDELIGHT_PLAIN_BPF_H
#define SIDELIGHT_PLAIN_BPF_H

/* Of a request; what is left of HOP_HEADS_MAX holds a response's status line, and both their descriptions. */
#define PLAIN_REQUEST_MAX (HOP_HEADS_MAX - TLS_STATUS_MAX - 2 * sizeof(struct hop_head))

/* Threads that never called OpenSSL have no entry: Envoy's, on its links. */
static __always_inline struct tls_thread *plain_thread(void)
{
	__u64 id = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&tls_threads, &id);
}

/* `heads` has room for twice HOP_HEADS_MAX. */
static __always_inline void plain_append(struct hop_record *record, __u8 *heads, const struct hop_head *head,
					 const void *bytes, bool user)
{
	__u64 begin = record->heads_length;
	__u64 filled = begin + sizeof(*head);
	__u64 length = head->length;

	if (filled >= HOP_HEADS_MAX)
		return;
	if (length > HOP_HEADS_MAX - filled)
		length = HOP_HEADS_MAX - filled;
	/* Otherwise the compiler folds the bounds away that the verifier has to see. */
	barrier_var(length);
	barrier_var(filled);
	barrier_var(begin);
	if (length > HOP_HEADS_MAX || filled >= HOP_HEADS_MAX || begin >= HOP_HEADS_MAX)
		return;
	/* What was spilled to the stack before the check has no bounds for kernels such as 6.1. */
	barrier_var(length);
	if (user ? bpf_probe_read_user(heads + filled, length, bytes)
		 : bpf_probe_read_kernel(heads + filled, length, bytes))
		return;
	*(struct hop_head *)(heads + begin) = *head;
	((struct hop_head *)(heads + begin))->length = length;
	record->heads_length = filled + length;
}

static __always_inline __u64 plain_limit(const __u8 *head, __u64 bytes)
{
	__u64 limit = tls_is_response(head) ? TLS_STATUS_MAX : PLAIN_REQUEST_MAX;

	return bytes < limit ? bytes : limit;
}

/* Within SSL_write: its buffer is still that of the application. */
static __always_inline void plain_keep_written(struct hop_state *state, const struct tls_thread *thread, __u32 position)
{
	struct hop_head head = { .position = position, .kind = HOP_HEAD_PLAIN_SENT };
	__u8 bytes[PEEK_BYTES] = {};

	if (thread->bytes < sizeof(bytes) || bpf_probe_read_user(bytes, sizeof(bytes), (const void *)thread->buffer) ||
	    !tls_is_head(bytes))
		return;
	head.length = plain_limit(bytes, thread->bytes);
	plain_append(&state->record, state->heads, &head, (const void *)thread->buffer, true);
}

/* After SSL_write into a memory BIO: the program kept it. */
static __always_inline bool plain_take_written(struct hop_state *state, __u32 position)
{
	struct hop_head head = { .position = position, .kind = HOP_HEAD_PLAIN_SENT };
	struct tls_plain *plain = bpf_map_lookup_elem(&tls_plains, &state->record.cookie);

	if (!plain || !plain->sent_fresh)
		return false;
	plain->sent_fresh = 0;
	if (plain->sent_length && !state->plain_sends) {
		head.length = plain_limit(plain->sent, plain->sent_length);
		plain_append(&state->record, state->heads, &head, plain->sent, false);
	}
	return true;
}

/* A send of a TLS socket begins: the flag for its entry. */
static __always_inline __u8 plain_sent(struct hop_state *state, const struct message *message, __u32 position)
{
	struct tls_thread *thread = plain_thread();
	__u8 bytes[PEEK_BYTES] = {};

	if (!thread) {
		if (!state->openssl || !plain_take_written(state, position))
			return 0;
	} else if (thread->call) {
		state->openssl = 1;
		thread->nested_cookie = state->record.cookie;
		/* A handshake may run within SSL_write, and tickets are sent within SSL_read. */
		if (!tls_is_write(thread->call) || !peek(message, bytes) || bytes[0] != TLS_APPLICATION_DATA)
			return 0;
		if (!state->plain_sends)
			plain_keep_written(state, thread, position);
	} else {
		state->openssl = 1;
		if (!plain_take_written(state, position))
			return 0;
	}
	state->plain_sends = 1;
	return HOP_ENTRY_PLAIN;
}

/* Bytes were read from a socket that is TLS, or may be: its first turn shows that only by its send. */
static __always_inline void plain_read(struct hop_state *state, __u64 now)
{
	struct tls_thread *thread = plain_thread();

	if (!thread)
		return;
	if (thread->call) {
		state->openssl = 1;
		thread->nested_cookie = state->record.cookie;
		thread->nested_read_ns = now;
	} else if (state->tls) {
		state->openssl = 1;
		thread->fresh =
			thread->fresh && thread->last_cookie != state->record.cookie ? TLS_AMBIGUOUS : TLS_FRESH;
		thread->last_cookie = state->record.cookie;
		thread->last_read_ns = now;
	}
}

/* The read that brought the first plaintext, and the arrival that it read. */
static __always_inline void plain_mark(struct hop_record *record, __u64 read_ns)
{
	struct hop_entry *read = NULL;

	for (__u32 i = 0; i < HOP_ENTRIES; i++) {
		if (i < record->read_count && record->reads[i].at_ns == read_ns) {
			record->reads[i].flags |= HOP_ENTRY_PLAIN;
			read = &record->reads[i];
			break;
		}
	}
	for (__u32 i = 0; read && i < HOP_ENTRIES; i++) {
		if (i < record->arrival_count && (__s32)(record->arrivals[i].position - read->position) >= 0) {
			record->arrivals[i].flags |= HOP_ENTRY_PLAIN;
			break;
		}
	}
}

/* A turn is emitted, or a copy of it: what was received in it. */
static __always_inline void plain_take(struct hop_record *record, __u8 *heads, bool ends)
{
	struct hop_head head = { .position = record->receive_start, .kind = HOP_HEAD_PLAIN_RECEIVED };
	struct tls_plain *plain = bpf_map_lookup_elem(&tls_plains, &record->cookie);

	if (!plain)
		return;
	if (plain->read_ns)
		plain_mark(record, plain->read_ns);
	if (plain->received_length) {
		head.length = plain_limit(plain->received, plain->received_length);
		plain_append(record, heads, &head, plain->received, false);
	}
	if (!ends)
		return;
	plain->read_ns = 0;
	plain->reads = 0;
	plain->received_length = 0;
}

static __always_inline void plain_forget(struct hop_state *state)
{
	if (state->openssl)
		bpf_map_delete_elem(&tls_plains, &state->record.cookie);
}

#endif
