/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
#ifndef SIDELIGHT_WATCHED_BPF_H
#define SIDELIGHT_WATCHED_BPF_H

/* What is wanted of a namespace besides being watched. */
enum watch_want {
	WATCH = 1,
	/* As much of responses' heads as of requests'. */
	WATCH_WHOLE_HEADS = 2,
};

/*
 * Key: inode of a network namespace; value: bits of enum watch_want. Written by userspace as pods come and go. Looked
 * up first by every hook (11 ns), so that sockets outside the mesh pay no more than that. A node runs a few hundred
 * pods at the most.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u8);
} watched SEC(".maps");

#endif
