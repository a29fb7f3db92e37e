/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Makes exchanges of records: reads the heads, joins the two ends of a hop by their stream
 * positions, drops what an idle flush had sent already, and accounts for every end.
 */
package dev.sidelight.probe.hop;
