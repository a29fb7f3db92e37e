/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Cuts HTTP/2 connections into streams: frames by stream position from the sender's side, times
 * from both ends, names by HPACK. Knows hop, which does not know it.
 */
package dev.sidelight.probe.hop.http2;
