/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Tasks for single pods, which the controller sends: while one runs, each interval is told with
 * every connection and process of its pod, and single exchanges where they are asked for. Bounded
 * in number, in time and in what a report holds; what is beyond is refused or counted.
 */
package dev.sidelight.probe.profile;
