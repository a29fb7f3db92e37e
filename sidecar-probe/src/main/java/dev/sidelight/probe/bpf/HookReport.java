/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.bpf;

/**
 * What became of one way to a hook. Ways behind the one that is attached are not looked at and have
 * no report.
 *
 * @param hook the hook
 * @param way the way
 * @param state what became of it
 */
public record HookReport(Hook hook, HookWay way, HookState state) {}
