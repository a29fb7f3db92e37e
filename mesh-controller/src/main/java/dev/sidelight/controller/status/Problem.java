/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.status;

/**
 * Something that is missing or was lost.
 *
 * @param code for programs; API.md lists them
 * @param message names the cause, with the figures
 * @param fix the way out: the command or the setting
 */
public record Problem(String code, String message, String fix) {}
