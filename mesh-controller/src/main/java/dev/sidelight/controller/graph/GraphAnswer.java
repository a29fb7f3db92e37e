/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * What goes back.
 *
 * @param statusCode 200, or 400 for parameters that cannot be served
 * @param json UTF-8; not to be changed any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only sent
public record GraphAnswer(int statusCode, byte[] json) {}
