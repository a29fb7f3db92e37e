/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.WireRecord;
import java.util.List;

/**
 * One end of an exchange with what userspace knows of it.
 *
 * @param socket a record of its socket: who it is, between which addresses, since when
 * @param points what it saw of this exchange
 * @param head of what this end sent, and of what it received where that was readable too
 * @param process executable's name of the socket's owner; empty where it is gone
 * @param supersedes a record of the same exchange left before, and this one says more
 * @param http2StreamId of a stream of HTTP/2, else 0
 * @param fields of a stream, the headers that this end sent, where they are asked for; of a turn
 *     they are in the record
 */
public record HopEnd(
    WireRecord socket,
    EndPoints points,
    HttpHead head,
    String process,
    boolean supersedes,
    int http2StreamId,
    List<HeaderField> fields) {

  /** Of an exchange that is no stream. */
  public HopEnd(
      WireRecord socket, EndPoints points, HttpHead head, String process, boolean supersedes) {
    this(socket, points, head, process, supersedes, 0, List.of());
  }

  /** Of a turn. */
  public static HopEnd of(WireRecord turn, HttpHead head, String process) {
    return new HopEnd(turn, EndPoints.of(turn), head, process, false);
  }

  /** Names the socket until reboot. */
  public long cookie() {
    return socket.cookie();
  }

  /** Inode of the network namespace. */
  public int netns() {
    return socket.netns();
  }

  /** Whether it opened the connection. */
  public boolean isInitiator() {
    return socket.isInitiator();
  }

  /** Position after the request's last byte. */
  int requestEnd() {
    return isInitiator() ? points.sendEnd() : points.receiveEnd();
  }

  /** Whether it is of the same exchange, at the same socket. */
  public boolean isSameExchange(HopEnd other) {
    return cookie() == other.cookie() && points.exchangeIndex() == other.points.exchangeIndex();
  }

  /** Whether the other says nothing new. */
  boolean repeats(HopEnd other) {
    return points.repeats(other.points) && head.equals(other.head);
  }

  /** This turn and the next, as one exchange: the request's head is the first's. */
  HopEnd joinedWith(HopEnd next) {
    return new HopEnd(
        next.socket,
        points.joinedWith(next.points, isInitiator()),
        next.head.and(head),
        process,
        next.supersedes);
  }

  /** With the response that begins at this position, and nothing that was sent before it. */
  HopEnd withResponse(HttpHead response, int position) {
    return new HopEnd(
        socket, points.sentFrom(position, socket.sends()), response, process, supersedes);
  }

  HopEnd withHead(HttpHead value) {
    return new HopEnd(socket, points, value, process, supersedes);
  }

  HopEnd withPoints(EndPoints value) {
    return new HopEnd(socket, value, head, process, supersedes);
  }

  /** The same, with this said of it. */
  public HopEnd withSupersedes(boolean value) {
    return value == supersedes ? this : new HopEnd(socket, points, head, process, value);
  }
}
