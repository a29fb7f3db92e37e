/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What the ingests show to whoever connects: certificates out of files, or made here and kept in
 * the cluster. Each is looked at again every few seconds, and a server takes a new one without
 * ending a connection.
 */
package dev.sidelight.controller.tls;
