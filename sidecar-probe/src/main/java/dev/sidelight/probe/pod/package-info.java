/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Which network namespace is which pod, and whose process a socket is: all of it from /proc. */
package dev.sidelight.probe.pod;
