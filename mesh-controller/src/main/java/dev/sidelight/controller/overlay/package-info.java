/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * A proxy in front of a Kiali: everything passes through as it is, but for graphs of the schema
 * that is known, which gain the sidecars as nodes and the times between them. Kiali's own bytes
 * stay; whatever is unexpected passes untouched, with a counted reason. The root hands in the
 * figures.
 */
package dev.sidelight.controller.overlay;
