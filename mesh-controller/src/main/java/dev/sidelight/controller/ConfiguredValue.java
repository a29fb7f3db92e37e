/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

/**
 * The text of a setting and where it came from, for the message when it is wrong.
 *
 * @param text as written
 * @param source "default", a file, an environment variable or the command line
 */
record ConfiguredValue(String text, String source) {}
