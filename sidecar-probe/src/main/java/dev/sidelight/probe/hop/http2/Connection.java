/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A connection, of one end or of both, and its open streams. One thread. */
final class Connection {
  private static final int STREAMS_MAX = 1024;

  /** How long the points of a stream are awaited once its last frame was sent. */
  private static final long LINGER_NANOS = 1_000_000_000L;

  // deps
  private final ConnectionEnd initiator;
  private final ConnectionEnd acceptor;
  private final Consumer<StreamOutcome> outcomes;
  private final Http2Counters counters;
  private final BooleanSupplier keepsFields;

  // state: streams by id, in the order of their beginning
  private final Map<Integer, Http2Stream> streams = new LinkedHashMap<>();
  private int highestRequest;
  private int ordinals;
  private long nowNanos;

  /**
   * Of two ends, or of one.
   *
   * @param ofInitiator its first chunk, or null
   * @param ofAcceptor its first chunk, or null
   * @param keepsFields asked for each stream: whether its headers themselves are wanted
   */
  Connection(
      Chunk ofInitiator,
      Chunk ofAcceptor,
      Consumer<StreamOutcome> outcomes,
      Http2Counters counters,
      BooleanSupplier keepsFields) {
    this.outcomes = outcomes;
    this.counters = counters;
    this.keepsFields = keepsFields;
    initiator =
        ofInitiator == null ? null : new ConnectionEnd(ofInitiator, new Taker(true), counters);
    acceptor =
        ofAcceptor == null ? null : new ConnectionEnd(ofAcceptor, new Taker(false), counters);
  }

  /** Takes a chunk of one of its ends. */
  void accept(Chunk chunk, long now) {
    nowNanos = now;
    if ((chunk.isInitiator() ? initiator : acceptor).take(chunk)) {
      counters.gap();
    }
    leaveComplete();
  }

  /** Lets go of the streams that have lingered, and of all where both ends are closed. */
  void expire(long now) {
    nowNanos = now;
    Iterator<Http2Stream> each = streams.values().iterator();
    while (each.hasNext()) {
      Http2Stream stream = each.next();
      if (stream.isClosing() && stream.untilNanos() - now <= 0) {
        each.remove();
        leaveUnfinished(stream);
      }
    }
  }

  /** Lets go of all: the connection is no more. */
  void close() {
    List<Http2Stream> left = new ArrayList<>(streams.values());
    streams.clear();
    left.forEach(this::leaveUnfinished);
  }

  boolean isOpen() {
    return !streams.isEmpty();
  }

  private void take(Frame frame, ConnectionEnd sender) {
    Optional<Http2Headers> headers = sender.decode(frame);
    Http2Stream stream = isOfMessage(frame) ? streamOf(frame, sender) : null;
    if (stream == null) {
      advance(frame, sender);
      return;
    }
    Message message = sender == initiator ? stream.request() : stream.response();
    message.add(frame, sender, sender == initiator ? acceptor : initiator);
    if (sender == initiator) {
      headers.ifPresent(stream.names()::request);
    } else if (headers.isPresent() && stream.names().response(headers.get())) {
      message.restart();
    }
    boolean over = stream.response().isEnded() || frame.type() == Frame.RST_STREAM;
    if (over && !stream.isClosing()) {
      stream.closeBy(nowNanos + LINGER_NANOS);
    }
  }

  private static boolean isOfMessage(Frame frame) {
    return (frame.streamId() & 1) == 1
        && (frame.type() == Frame.DATA || frame.type() == Frame.RST_STREAM || frame.isOfHeaders());
  }

  /**
   * The stream of a frame. A response may come to us before its request does, since the two ends
   * report apart; what comes of a stream that has left creates none.
   */
  private Http2Stream streamOf(Frame frame, ConnectionEnd sender) {
    Http2Stream stream = streams.get(frame.streamId());
    boolean begins =
        frame.streamId() > highestRequest
            && (frame.type() == Frame.HEADERS || frame.type() == Frame.RST_STREAM);
    if (sender == initiator && frame.streamId() > highestRequest) {
      highestRequest = frame.streamId();
    }
    if (stream != null || !begins) {
      return stream;
    }
    stream = new Http2Stream(frame.streamId(), ordinals++, losses(), keepsFields.getAsBoolean());
    streams.put(frame.streamId(), stream);
    if (streams.size() > STREAMS_MAX) {
      Http2Stream oldest = streams.values().iterator().next();
      streams.remove(oldest.id());
      counters.evicted();
      leaveUnfinished(oldest);
    }
    return stream;
  }

  private void advance(Frame frame, ConnectionEnd sender) {
    sender.sends().advance(frame.position());
    ConnectionEnd receiver = sender == initiator ? acceptor : initiator;
    if (receiver != null) {
      receiver.arrivals().advance(frame.position());
      receiver.reads().advance(frame.position());
    }
  }

  /** Frames are missing: what is open may have ended among them. */
  private void lose(ConnectionEnd sender) {
    sender.loseHeaders();
    streams.values().stream()
        .filter(stream -> !stream.isClosing())
        .forEach(stream -> stream.closeBy(nowNanos + LINGER_NANOS));
  }

  private Losses losses() {
    return Losses.of(initiator, acceptor);
  }

  private void leaveComplete() {
    Iterator<Http2Stream> each = streams.values().iterator();
    while (each.hasNext()) {
      Http2Stream stream = each.next();
      if (stream.isComplete()) {
        each.remove();
        leave(stream);
      }
    }
  }

  private void leaveUnfinished(Http2Stream stream) {
    counters.unfinished();
    leave(stream);
  }

  private void leave(Http2Stream stream) {
    counters.stream();
    outcomes.accept(new StreamOutcome(stream, initiator, acceptor));
  }

  /** Takes what one end sent. */
  private final class Taker implements FrameReader.Sink {
    private final boolean ofInitiator;

    Taker(boolean ofInitiator) {
      this.ofInitiator = ofInitiator;
    }

    @Override
    public void frame(Frame frame) {
      take(frame, ofInitiator ? initiator : acceptor);
    }

    @Override
    public void gap() {
      lose(ofInitiator ? initiator : acceptor);
    }
  }
}
