/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

/**
 * A workload as parameters name it.
 *
 * @param namespace its namespace
 * @param workload its name in there
 */
public record WorkloadName(String namespace, String workload) {}
