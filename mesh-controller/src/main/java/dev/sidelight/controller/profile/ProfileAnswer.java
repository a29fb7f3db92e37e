/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

/**
 * What goes back.
 *
 * @param statusCode HTTP's
 * @param json UTF-8; not to be changed any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only sent
public record ProfileAnswer(int statusCode, byte[] json) {}
