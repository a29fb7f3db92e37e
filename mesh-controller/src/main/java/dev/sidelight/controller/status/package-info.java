/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * How the controller is, for whoever was just woken: what reaches it, what was lost lately, and in
 * words what is missing and how to set it right. Reads counters that others keep; knows neither
 * where they come from nor how the answer travels.
 */
package dev.sidelight.controller.status;
