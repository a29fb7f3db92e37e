/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.pod;

/**
 * What is kept of a process between scans.
 *
 * @param executable name of its executable's file; empty where it has none that can be read
 * @param envoy whether it is one, by executable and user
 * @param netns inode of its network namespace; 0 where that cannot be read
 * @param scans how often it was looked at
 */
record ProcessEntry(String executable, boolean envoy, int netns, int scans) {
  static final ProcessEntry NONE = new ProcessEntry("", false, 0, 0);
}
