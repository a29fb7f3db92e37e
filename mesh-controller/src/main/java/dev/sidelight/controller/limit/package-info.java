/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Bounds on what whoever connects may bring: streams, and records a second. They are far above what
 * a mesh brings, so that one that is broken or hostile does not take what belongs to the others.
 */
package dev.sidelight.controller.limit;
