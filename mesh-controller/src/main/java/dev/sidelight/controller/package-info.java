/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The composition root of the mesh controller: settings, servers, and who is wired to whom. Its
 * subpackages never import one another; whatever crosses from one to the other does so here.
 */
package dev.sidelight.controller;
