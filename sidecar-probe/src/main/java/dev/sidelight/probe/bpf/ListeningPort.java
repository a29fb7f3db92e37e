/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * A port that a process of a watched pod listens on.
 *
 * @param netns inode of the network namespace
 * @param process its id
 * @param port the port
 */
public record ListeningPort(int netns, int process, int port) {}
