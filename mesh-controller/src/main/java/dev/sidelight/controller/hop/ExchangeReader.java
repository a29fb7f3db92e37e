/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.hop;

import dev.sidelight.correlator.ExchangeEnd;
import dev.sidelight.correlator.HopRecord;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.Role;
import java.util.Map;

/** Checks exchanges of one batch and turns them into the correlator's values. One thread. */
final class ExchangeReader {

  private static final long NANOS_PER_MICROSECOND = 1_000L;

  // deps
  private final String node;
  private final AddressPool addresses;
  private final TextPool texts;
  private final Map<Integer, String> podAddressByNetns;
  private final long latestNanos;

  /**
   * A reader for one batch.
   *
   * @param node whose clock the times are of
   * @param addresses canonical texts
   * @param texts that repeat
   * @param podAddressByNetns the batch's pods
   * @param latestNanos no time may be later
   */
  ExchangeReader(
      String node,
      AddressPool addresses,
      TextPool texts,
      Map<Integer, String> podAddressByNetns,
      long latestNanos) {
    this.node = node;
    this.addresses = addresses;
    this.texts = texts;
    this.podAddressByNetns = podAddressByNetns;
    this.latestNanos = latestNanos;
  }

  /** The record, or why it cannot be one. */
  HopRecord read(Exchange exchange) throws RefusedException {
    if (!exchange.hasInitiator() && !exchange.hasAcceptor()) {
      throw new RefusedException("no_end", "an exchange without an end");
    }
    String podAddress = podAddressByNetns.get(exchange.getNetns());
    if (podAddress == null) {
      throw new RefusedException(
          "unknown_pod",
          "network namespace "
              + Integer.toUnsignedString(exchange.getNetns())
              + " is no pod of the batch with an address");
    }
    ExchangeEnd initiator =
        exchange.hasInitiator() ? end(exchange.getInitiator(), Role.INITIATOR) : null;
    ExchangeEnd acceptor =
        exchange.hasAcceptor() ? end(exchange.getAcceptor(), Role.ACCEPTOR) : null;
    boolean supersedes =
        exchange.getInitiator().getSupersedes() || exchange.getAcceptor().getSupersedes();
    return new HopRecord(node, podAddress, initiator, acceptor, supersedes);
  }

  private ExchangeEnd end(dev.sidelight.hop.v1.ExchangeEnd end, Role place)
      throws RefusedException {
    if (end.getRole() != place) {
      String reason = end.getRole() == Role.ROLE_UNSPECIFIED ? "no_role" : "wrong_role";
      throw new RefusedException(reason, "role " + end.getRole() + " in the place of " + place);
    }
    if (end.getHttp2StreamId() < 0) {
      throw new RefusedException(
          "bad_stream_id", "stream " + Integer.toUnsignedString(end.getHttp2StreamId()));
    }
    EndTimes.check(end, latestNanos);
    return new ExchangeEnd(
        end.getSocketCookie(),
        end.getExchangeIndex(),
        place == Role.INITIATOR,
        addresses.socket(end.getLocalAddress(), port(end.getLocalPort())),
        addresses.socket(end.getRemoteAddress(), port(end.getRemotePort())),
        end.getConnectNanos(),
        end.getEstablishedNanos(),
        end.getFirstSendNanos(),
        end.getLastSendNanos(),
        end.getFirstArrivalNanos(),
        end.getLastArrivalNanos(),
        end.getFirstReadNanos(),
        end.getLastReadNanos(),
        end.getSendStartPosition(),
        end.getSendEndPosition(),
        end.getReceiveStartPosition(),
        end.getReceiveEndPosition(),
        Integer.toUnsignedLong(end.getSmoothedRttMicros()) * NANOS_PER_MICROSECOND,
        end.getRetransmits(),
        end.getDrops(),
        texts.text(end.getProcessBytes()),
        texts.text(end.getMethodBytes()),
        texts.text(end.getPathTemplateBytes()),
        end.getStatus(),
        texts.text(end.getRequestIdBytes()),
        end.getFlags(),
        texts.text(end.getProtocolBytes()),
        end.getHttp2StreamId(),
        end.hasGrpcStatus() ? end.getGrpcStatus() : ExchangeEnd.NO_GRPC_STATUS);
  }

  private static int port(int port) throws RefusedException {
    if (port < 1 || port > 65535) {
      throw new RefusedException("port_out_of_range", "port " + Integer.toUnsignedString(port));
    }
    return port;
  }
}
