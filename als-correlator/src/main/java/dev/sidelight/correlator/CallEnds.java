/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * The six ends of a call between two sidecars, in the order of its path; each null where it was not
 * seen or does not exist (a gateway has no app, a caller outside the mesh no sidecar).
 *
 * @param sourceApp initiator of the source hop
 * @param sourceDownstream acceptor of the source hop, or of the gateway's downstream connection
 * @param sourceUpstream initiator of the link
 * @param destinationDownstream acceptor of the link
 * @param destinationUpstream initiator of the destination hop
 * @param destinationApp acceptor of the destination hop
 */
public record CallEnds(
    ExchangeEnd sourceApp,
    ExchangeEnd sourceDownstream,
    ExchangeEnd sourceUpstream,
    ExchangeEnd destinationDownstream,
    ExchangeEnd destinationUpstream,
    ExchangeEnd destinationApp) {}
