/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * Packets that the kernel dropped since it began to count.
 *
 * @param cookie the connection; 0 where none is known
 * @param netns inode of the network namespace
 * @param reasonNumber the kernel's own, which differs between kernels
 * @param reason its name
 * @param packets how many
 */
public record DropCount(long cookie, int netns, int reasonNumber, String reason, long packets) {}
