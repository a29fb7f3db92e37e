// SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0)
/* Copyright The Sidelight Authors */
/*
 * Looks at what applications of the watched namespaces read from OpenSSL and write to it, so that an exchange over TLS
 * has the names that one in plaintext has. Loaded when the first libssl is found. See RATIONALE.md.
 */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "watched.bpf.h"
#include "tls.bpf.h"

/*
 * Key: a process's SSL; value: cookie of its socket. Written where a socket is used within a call, or, with memory
 * BIOs, where the thread has just read one; deleted by SSL_free. A cookie is never used again, so an old entry names a
 * socket that is gone. The least recently used goes first, and is bound again by the next use.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_key);
	__type(value, __u64);
} tls_sockets SEC(".maps");

/* One slot, never written: what a new plaintext begins with, too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tls_plain);
} tls_nothing SEC(".maps");

static __always_inline bool is_task_watched(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);

	return bpf_map_lookup_elem(&watched, &netns);
}

static __always_inline struct tls_thread *thread_of(__u64 id)
{
	struct tls_thread *thread = bpf_map_lookup_elem(&tls_threads, &id);
	struct tls_thread unseen = {};

	if (thread)
		return thread;
	bpf_map_update_elem(&tls_threads, &id, &unseen, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tls_threads, &id);
}

static __always_inline struct tls_plain *plain_of(__u64 cookie)
{
	struct tls_plain *plain = bpf_map_lookup_elem(&tls_plains, &cookie);
	__u32 zero = 0;

	if (plain)
		return plain;
	plain = bpf_map_lookup_elem(&tls_nothing, &zero);
	if (plain)
		bpf_map_update_elem(&tls_plains, &cookie, plain, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tls_plains, &cookie);
}

/* What an SSL is bound to, after the call on this thread: for certain by a socket used within it. */
static __always_inline __u64 socket_of(const struct tls_thread *thread, __u32 tgid)
{
	struct tls_key key = { .ssl = thread->ssl, .tgid = tgid };
	__u64 *bound = bpf_map_lookup_elem(&tls_sockets, &key);
	__u64 cookie = thread->nested_cookie;

	if (!cookie)
		return bound ? *bound : 0;
	if (!bound || *bound != cookie)
		bpf_map_update_elem(&tls_sockets, &key, &cookie, BPF_ANY);
	return cookie;
}

/* Memory BIOs: the application has read a socket, and turns to the SSL that the bytes are for. */
static __always_inline void bind_last(const struct tls_thread *thread, __u32 tgid)
{
	struct tls_key key = { .ssl = thread->ssl, .tgid = tgid };
	__u64 cookie = thread->last_cookie;

	bpf_map_update_elem(&tls_sockets, &key, &cookie, BPF_NOEXIST);
}

static __always_inline void handle_enter(struct pt_regs *ctx, __u32 call)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct tls_thread *thread;

	if (!is_task_watched())
		return;
	if (call == TLS_FREE) {
		struct tls_key key = { .ssl = PT_REGS_PARM1(ctx), .tgid = id >> 32 };

		bpf_map_delete_elem(&tls_sockets, &key);
		return;
	}
	thread = thread_of(id);
	if (!thread)
		return;
	thread->ssl = PT_REGS_PARM1(ctx);
	thread->buffer = PT_REGS_PARM2(ctx);
	thread->bytes = call == TLS_WRITE ? (__u32)PT_REGS_PARM3(ctx) : PT_REGS_PARM3(ctx);
	thread->length_at = PT_REGS_PARM4(ctx);
	thread->nested_cookie = thread->nested_read_ns = 0;
	thread->call = call;
	if (!tls_is_write(call)) {
		if (thread->fresh == TLS_FRESH)
			bind_last(thread, id >> 32);
		thread->fresh = TLS_STALE;
	}
}

/* Puts what SSL_read gave behind what it gave before of the same exchange. */
static __always_inline void keep_received(struct tls_plain *plain, const void *buffer, __u64 bytes)
{
	__u64 filled = plain->received_length;
	__u64 length = bytes;
	__u8 head[8] = {};

	if (plain->reads == 0) {
		if (bytes < sizeof(head) || bpf_probe_read_user(head, sizeof(head), buffer) || !tls_is_head(head))
			return;
	} else if (!filled || plain->reads >= TLS_HEAD_READS_MAX) {
		return;
	}
	if (length > TLS_HEAD_MAX)
		length = TLS_HEAD_MAX;
	/* Otherwise the compiler folds the bounds away that the verifier has to see. */
	barrier_var(length);
	barrier_var(filled);
	if (length > TLS_HEAD_MAX || filled >= TLS_HEAD_MAX)
		return;
	if (bpf_probe_read_user(plain->received + filled, length, buffer))
		return;
	filled += length;
	plain->received_length = filled > TLS_HEAD_MAX ? TLS_HEAD_MAX : filled;
}

static __always_inline void handle_received(const struct tls_thread *thread, __u64 cookie, __u64 bytes)
{
	struct tls_plain *plain = plain_of(cookie);
	__u64 read_ns = thread->nested_read_ns;

	if (!plain)
		return;
	if (!thread->nested_cookie && thread->last_cookie == cookie)
		read_ns = thread->last_read_ns;
	keep_received(plain, (const void *)thread->buffer, bytes);
	if (!plain->read_ns)
		plain->read_ns = read_ns;
	plain->reads++;
}

/* Memory BIOs: the send comes later, on this thread or another; with a socket the send has taken it already. */
static __always_inline void handle_sent(const struct tls_thread *thread, __u64 cookie)
{
	struct tls_plain *plain = plain_of(cookie);
	__u64 length = thread->bytes;
	__u8 head[8] = {};

	if (!plain || plain->sent_fresh)
		return;
	plain->sent_length = 0;
	plain->sent_fresh = 1;
	if (length < sizeof(head) || bpf_probe_read_user(head, sizeof(head), (const void *)thread->buffer) ||
	    !tls_is_head(head))
		return;
	if (tls_is_response(head) && length > TLS_STATUS_MAX)
		length = TLS_STATUS_MAX;
	if (length > TLS_HEAD_MAX)
		length = TLS_HEAD_MAX;
	barrier_var(length);
	if (length > TLS_HEAD_MAX || bpf_probe_read_user(plain->sent, length, (const void *)thread->buffer))
		return;
	plain->sent_length = length;
}

/* How much an SSL_read gave or an SSL_write took. */
static __always_inline __u64 returned_bytes(struct pt_regs *ctx, const struct tls_thread *thread, __u32 call)
{
	__s32 result = (__s32)PT_REGS_RC(ctx);
	__u64 bytes = 0;

	if (result <= 0)
		return 0;
	if (call == TLS_READ_EX)
		return bpf_probe_read_user(&bytes, sizeof(bytes), (const void *)thread->length_at) ? 0 : bytes;
	return call == TLS_WRITE_EX ? thread->bytes : (__u32)result;
}

static __always_inline void handle_return(struct pt_regs *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct tls_thread *thread = bpf_map_lookup_elem(&tls_threads, &id);
	__u64 cookie, bytes;
	__u32 call;

	if (!thread || !thread->call)
		return;
	call = thread->call;
	thread->call = TLS_NO_CALL;
	cookie = socket_of(thread, id >> 32);
	if (!cookie || call == TLS_HANDSHAKE)
		return;
	bytes = returned_bytes(ctx, thread, call);
	if (!bytes)
		return;
	if (!tls_is_write(call))
		handle_received(thread, cookie, bytes);
	else if (!thread->nested_cookie)
		handle_sent(thread, cookie);
}

/* SSL_read, SSL_write, their _ex, the handshake's functions, SSL_free; the cookie says which. */
SEC("uprobe")
int BPF_KPROBE(tls_enter)
{
	handle_enter(ctx, bpf_get_attach_cookie(ctx));
	return 0;
}

/* Of all but SSL_free. The call is known from its entry. */
SEC("uretprobe")
int BPF_KRETPROBE(tls_return)
{
	handle_return(ctx);
	return 0;
}

/* As in hop.bpf.c. */
char LICENSE[] SEC("license") = "GPL";
