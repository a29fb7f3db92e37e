/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Envoy's access log service: streams of raw messages come in, {@link
 * dev.sidelight.correlator.AccessLogEntry} values go out. The messages are read field by field; no
 * protobuf object of an entry is ever built, for that costs four times as much. Whatever is not
 * understood is counted by reason and named once in the log; no stream throws.
 */
package dev.sidelight.controller.als;
