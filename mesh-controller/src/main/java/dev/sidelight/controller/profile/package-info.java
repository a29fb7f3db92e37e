/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Network profiles on demand: which pods the probes watch, the tasks that run for them, and what
 * came of each: the processes of the pod, what lies outside, and the lines between them, of which
 * each side is told by interval; beside them single exchanges. The probe measures and ends a task
 * by itself; here it is asked, its reports are checked and added up, all of it bounded, and what
 * goes over is counted.
 */
package dev.sidelight.controller.profile;
