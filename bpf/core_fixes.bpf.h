/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/* What older kernels name or lack that vmlinux.h has, each with the version that made it necessary. */
#ifndef SIDELIGHT_CORE_FIXES_BPF_H
#define SIDELIGHT_CORE_FIXES_BPF_H

/* iov_iter.iov became __iov in 6.4 (de4f5fed3f23). */
struct iov_iter___before_6_4 {
	const struct iovec *iov;
} __attribute__((preserve_access_index));

static __always_inline const struct iovec *fix_iter_iov(const struct iov_iter *iter)
{
	if (bpf_core_field_exists(iter->__iov))
		return iter->__iov;
	return ((const struct iov_iter___before_6_4 *)iter)->iov;
}

/* ITER_UBUF came with 6.0 (fcb14cb1bdac). */
static __always_inline bool fix_iter_is_ubuf(const struct iov_iter *iter)
{
	return bpf_core_enum_value_exists(enum iter_type, ITER_UBUF) &&
	       iter->iter_type == bpf_core_enum_value(enum iter_type, ITER_UBUF);
}

/* Before 6.4 the verifier takes it for the typed pointer that shares its place, and refuses to add to that. */
static __always_inline void *fix_iter_ubuf(const struct iov_iter *iter)
{
	if (bpf_core_field_exists(iter->__iov))
		return iter->ubuf;
	return BPF_CORE_READ(iter, ubuf);
}

#endif
