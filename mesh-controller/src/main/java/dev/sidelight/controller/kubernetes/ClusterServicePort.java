/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

/**
 * A port of a Service, by TCP.
 *
 * @param name empty where it is the only one and has none
 * @param number the Service's, not the pods'
 * @param appProtocol as its author declared it; empty where the name may say it
 */
public record ClusterServicePort(String name, int number, String appProtocol) {}
