/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/* Process ids as the probe's /proc numbers them: a node may be a container, and its PID namespace not the machine's. */
#ifndef SIDELIGHT_PID_BPF_H
#define SIDELIGHT_PID_BPF_H

/* Namespaces that are looked at, from the process's own outwards: one of the container, one within it, the node's. */
#define PID_NAMESPACES 4

/* 0 for a process that is none of the node's. */
static __always_inline __u32 pid_of_node(const struct task_struct *task)
{
	const struct pid *pid;
	__u32 level;

	if (!settings.pid_namespace)
		return task->tgid;
	pid = BPF_CORE_READ(task, group_leader, thread_pid);
	if (!pid)
		return 0;
	level = BPF_CORE_READ(pid, level);
	for (int i = 0; i < PID_NAMESPACES; i++) {
		/* CO-RE knows no index that is not constant. */
		const struct upid *upid = (const void *)pid + bpf_core_field_offset(struct pid, numbers) +
					  level * bpf_core_type_size(struct upid);

		if (BPF_CORE_READ(upid, ns, ns.inum) == settings.pid_namespace)
			return BPF_CORE_READ(upid, nr);
		if (!level)
			break;
		level--;
	}
	return 0;
}

static __always_inline __u32 pid_of_current(void)
{
	return pid_of_node(bpf_get_current_task_btf());
}

#endif
