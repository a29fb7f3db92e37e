/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.graph;

/**
 * Whom two proxies showed one another to be.
 *
 * @param source SPIFFE id; empty where there was no mutual TLS
 * @param destination SPIFFE id
 */
public record GraphPrincipals(String source, String destination) {

  /** Without mutual TLS. */
  public static final GraphPrincipals NONE = new GraphPrincipals("", "");
}
