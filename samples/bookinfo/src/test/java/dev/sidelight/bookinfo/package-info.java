/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Proves Sidelight on the local mesh: real Envoys, the real kernel, real applications, through the
 * same command that a person uses.
 */
package dev.sidelight.bookinfo;
