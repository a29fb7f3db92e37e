/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** What the controller costs: `make bench-controller`. */
package dev.sidelight.controller.bench;
