/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The controller's HTTP side: routes, parameters, error answers. It knows the answers' sources only
 * as functions, which the root hands in.
 */
package dev.sidelight.controller.web;
