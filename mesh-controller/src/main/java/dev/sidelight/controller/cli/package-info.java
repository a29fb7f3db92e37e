/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The command line: asks a controller by HTTP and prints the answer. A program of its own on the
 * controller's jar; it calls none of the controller's classes and loads none of its libraries but
 * Jackson and picocli, so that it starts fast.
 */
package dev.sidelight.controller.cli;
