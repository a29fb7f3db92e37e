/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The kernel through libbpf and libc by jnr-ffi: loads and attaches the object, drains the ring
 * buffer, reads the clocks. Nothing is pinned, so that the end of the process is the end of every
 * program and map.
 */
package dev.sidelight.probe.bpf;
