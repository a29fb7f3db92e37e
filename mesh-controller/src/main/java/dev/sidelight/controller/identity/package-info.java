/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Who calls, as Kubernetes says: a probe's token, reviewed by the API server. Nothing of a token is
 * ever said or kept.
 */
package dev.sidelight.controller.identity;
