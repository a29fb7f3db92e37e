/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
#ifndef SIDELIGHT_SOCK_BPF_H
#define SIDELIGHT_SOCK_BPF_H

/* Macros of the kernel's headers, which BTF does not carry. */
#define AF_INET6 10
#define RCV_SHUTDOWN 1
#define TCPHDR_FIN 1
#define SOCK_NOSPACE 2

static __always_inline __u32 sock_netns(const struct sock *sk)
{
	return sk->__sk_common.skc_net.net->ns.inum;
}

static __always_inline bool sock_watched(const struct sock *sk)
{
	__u32 netns = sock_netns(sk);

	return bpf_map_lookup_elem(&watched, &netns) && sk->sk_protocol == IPPROTO_TCP;
}

/* Bits of enum watch_want; 0 where the socket is not watched. */
static __always_inline __u8 sock_wanted(const struct sock *sk)
{
	__u32 netns = sock_netns(sk);
	const __u8 *wanted = bpf_map_lookup_elem(&watched, &netns);

	return wanted && sk->sk_protocol == IPPROTO_TCP ? *wanted : 0;
}

static __always_inline bool sock_has_listener(const struct sock *sk)
{
	struct listener_key key = { .netns = sock_netns(sk), .port = sk->__sk_common.skc_num };

	return bpf_map_lookup_elem(&listeners, &key);
}

/* A write or a poll found it full, and it still is. */
static __always_inline bool sock_is_full(const struct sock *sk)
{
	const struct socket *socket = sk->sk_socket;

	return socket && (socket->flags & (1UL << SOCK_NOSPACE));
}

/* Both families in one form: an IPv4 address in its mapped form. */
static __always_inline void sock_addresses(const struct sock *sk, struct hop_record *record)
{
	if (sk->__sk_common.skc_family == AF_INET6) {
		BPF_CORE_READ_INTO(&record->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&record->remote_address, sk, __sk_common.skc_v6_daddr);
	} else {
		__u32 mapped = bpf_htonl(0xffff);
		__u32 local = sk->__sk_common.skc_rcv_saddr;
		__u32 remote = sk->__sk_common.skc_daddr;

		__builtin_memcpy(record->local_address + 8, &mapped, 4);
		__builtin_memcpy(record->local_address + 12, &local, 4);
		__builtin_memcpy(record->remote_address + 8, &mapped, 4);
		__builtin_memcpy(record->remote_address + 12, &remote, 4);
	}
	record->local_port = sk->__sk_common.skc_num;
	record->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
}

#endif
