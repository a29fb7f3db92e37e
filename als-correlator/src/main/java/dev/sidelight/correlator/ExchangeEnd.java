/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * One end of an exchange as the kernel saw it. Times are CLOCK_MONOTONIC nanoseconds of the node, 0
 * where not seen; positions are TCP sequence numbers (unsigned 32 bits in an int), each end
 * position that of the byte after the last. At the initiator sends are the request and reads the
 * response, at the acceptor the reverse. Strings are never null; empty where absent.
 *
 * @param socketCookie names the socket within the node until reboot
 * @param exchangeIndex 0 for the first exchange seen on the connection
 * @param initiator opened the connection, rather than accepted it
 * @param local own address
 * @param remote peer's address as this socket sees it
 * @param connectNanos SYN_SENT; 0 at an acceptor, or where the connection is older than the probe
 * @param establishedNanos ESTABLISHED; 0 where the connection is older than the probe
 * @param firstSendNanos entry of the first send
 * @param lastSendNanos entry of the last send
 * @param firstArrivalNanos first data at the socket
 * @param lastArrivalNanos last data at the socket
 * @param firstReadNanos first read that copied bytes
 * @param lastReadNanos last read that copied bytes
 * @param sendStart position of the first byte sent
 * @param sendEnd position after the last byte sent
 * @param receiveStart position of the first byte received
 * @param receiveEnd position after the last byte read
 * @param smoothedRttNanos srtt at the end of the exchange
 * @param retransmits segments that this socket sent again during the exchange
 * @param drops segments that this socket dropped during the exchange
 * @param process executable's name of the owner
 * @param method request method, where readable
 * @param pathTemplate path without query string and ids, where readable
 * @param status response status, 0 where not readable
 * @param requestId x-request-id, where readable
 * @param flags bits of the contract's ExchangeFlag
 * @param protocol {@code http}, {@code http2} or {@code grpc}, where readable
 * @param http2StreamId of a stream of HTTP/2, several of which share a connection; else 0
 * @param grpcStatus from the trailers, {@link #NO_GRPC_STATUS} where there was none
 */
public record ExchangeEnd(
    long socketCookie,
    int exchangeIndex,
    boolean initiator,
    SocketAddress local,
    SocketAddress remote,
    long connectNanos,
    long establishedNanos,
    long firstSendNanos,
    long lastSendNanos,
    long firstArrivalNanos,
    long lastArrivalNanos,
    long firstReadNanos,
    long lastReadNanos,
    int sendStart,
    int sendEnd,
    int receiveStart,
    int receiveEnd,
    long smoothedRttNanos,
    int retransmits,
    int drops,
    String process,
    String method,
    String pathTemplate,
    int status,
    String requestId,
    int flags,
    String protocol,
    int http2StreamId,
    int grpcStatus) {

  /** {@link #grpcStatus} where no trailers told one. */
  public static final int NO_GRPC_STATUS = -1;

  /** Bit of {@link #flags}: read on after the response had begun. */
  public static final int READ_AFTER_SEND = 1;

  /** Bit of {@link #flags}: the initiator was still sending when bytes of the response arrived. */
  public static final int ARRIVAL_WHILE_SENDING = 2;

  /** Bit of {@link #flags}: the request arrived before the owner had accepted the connection. */
  public static final int ARRIVAL_BEFORE_ACCEPT = 4;

  /**
   * Bit of {@link #flags}: emitted since the connection lay idle; a later record may supersede it.
   */
  public static final int IDLE_FLUSH = 8;

  /** Bit of {@link #flags}: the connection closed. */
  public static final int CLOSED = 16;

  /** Bit of {@link #flags}: a write of this end found its socket full. */
  public static final int WAITED_FOR_ROOM = 32;

  /** One end of an exchange that is no stream of HTTP/2. */
  public ExchangeEnd(
      long socketCookie,
      int exchangeIndex,
      boolean initiator,
      SocketAddress local,
      SocketAddress remote,
      long connectNanos,
      long establishedNanos,
      long firstSendNanos,
      long lastSendNanos,
      long firstArrivalNanos,
      long lastArrivalNanos,
      long firstReadNanos,
      long lastReadNanos,
      int sendStart,
      int sendEnd,
      int receiveStart,
      int receiveEnd,
      long smoothedRttNanos,
      int retransmits,
      int drops,
      String process,
      String method,
      String pathTemplate,
      int status,
      String requestId,
      int flags) {
    this(
        socketCookie,
        exchangeIndex,
        initiator,
        local,
        remote,
        connectNanos,
        establishedNanos,
        firstSendNanos,
        lastSendNanos,
        firstArrivalNanos,
        lastArrivalNanos,
        firstReadNanos,
        lastReadNanos,
        sendStart,
        sendEnd,
        receiveStart,
        receiveEnd,
        smoothedRttNanos,
        retransmits,
        drops,
        process,
        method,
        pathTemplate,
        status,
        requestId,
        flags,
        "",
        0,
        NO_GRPC_STATUS);
  }

  /** Whether it is a stream: others may lie beside it on its connection. */
  public boolean isStream() {
    return http2StreamId != 0;
  }

  /** Whether its sender waited for room: the peer, or the way to it, did not take the bytes. */
  public boolean waitedForRoom() {
    return (flags & WAITED_FOR_ROOM) != 0;
  }

  /**
   * How much of a stretch of time it left unread what had arrived: the stretch's part between its
   * first arrival and its first read.
   */
  long unreadNanos(long fromNanos, long toNanos) {
    if (firstArrivalNanos == 0 || firstReadNanos == 0) {
      return 0;
    }
    return Math.max(0, Math.min(toNanos, firstReadNanos) - Math.max(fromNanos, firstArrivalNanos));
  }

  /** Position after the request's last byte. */
  public int requestEnd() {
    return initiator ? sendEnd : receiveEnd;
  }

  /** Position after the response's last byte. */
  public int responseEnd() {
    return initiator ? receiveEnd : sendEnd;
  }

  /** Bytes that this end sent, 0 to 4 GiB less one. */
  public long bytesSent() {
    return Integer.toUnsignedLong(sendEnd - sendStart);
  }

  /** Bytes that this end read, 0 to 4 GiB less one. */
  public long bytesReceived() {
    return Integer.toUnsignedLong(receiveEnd - receiveStart);
  }
}
