/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Finds OpenSSL in the processes of watched pods, wherever it comes from: a libssl of any version
 * in any container, or an executable that exports it. Reads /proc and ELF files; what attaches to
 * what is found is given to it.
 */
package dev.sidelight.probe.tls;
