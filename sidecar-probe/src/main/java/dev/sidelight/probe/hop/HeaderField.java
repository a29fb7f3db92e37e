/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

/**
 * A header.
 *
 * @param name in lower case
 * @param value as it was sent
 */
public record HeaderField(String name, String value) {}
