/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

/**
 * How one kind of objects is watched.
 *
 * @param kind plural, as RBAC names it
 * @param objects known now
 * @param watching whether all were told and changes are
 * @param events objects added, changed and removed, as they were told
 * @param failures lists and watches that failed and began again
 * @param unreadable objects that were not understood
 * @param complaint why it is not watched; empty where it is, or where nothing was tried yet
 */
public record WatchState(
    String kind,
    int objects,
    boolean watching,
    long events,
    long failures,
    long unreadable,
    String complaint) {}
