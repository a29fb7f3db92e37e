/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection to ratings. It waits for a response before it reads it, so that the fault
 * late-read can leave the response in the socket. Used by one thread at a time.
 */
final class RatingsConnection implements AutoCloseable {
  private static final long TIMEOUT_MILLIS = 15_000;

  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer received = ByteBuffer.allocateDirect(64 * 1024);

  private boolean used;
  private boolean kept;
  private boolean reusable;

  private RatingsConnection(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /** Connects; the handshake is over when this returns, so that it is in no call's time. */
  static RatingsConnection open(String host, int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    return new RatingsConnection(channel, selector);
  }

  /**
   * Sends a request, in two halves under slow-upload, and reads the response; the clock is read
   * next to the first send and the last read.
   */
  RatingsResponse exchange(byte[] request, int secondHalfBytes, Fault fault)
      throws IOException, InterruptedException {
    boolean newConnection = !used;
    used = true;
    kept = false;
    received.clear();
    ByteBuffer sending = ByteBuffer.allocateDirect(request.length).put(request).flip();
    sending.limit(request.length - secondHalfBytes);
    long startMonotonicNanos = System.nanoTime();
    channel.write(sending);
    if (secondHalfBytes > 0) {
      fault.delayIf("slow-upload");
      sending.limit(request.length);
      channel.write(sending);
    }
    HttpMessage response = null;
    long endMonotonicNanos = startMonotonicNanos;
    while (response == null) {
      awaitReadable();
      fault.delayIf("late-read");
      int count = channel.read(received);
      endMonotonicNanos = System.nanoTime();
      if (count < 0) {
        throw new EOFException("ratings closed the connection in the middle of a response");
      }
      response = HttpMessage.parse(received);
    }
    reusable = response.keepsConnection();
    return new RatingsResponse(
        Integer.parseInt(response.subject()),
        response.body(),
        startMonotonicNanos,
        endMonotonicNanos,
        newConnection);
  }

  private void awaitReadable() throws IOException {
    if (selector.select(TIMEOUT_MILLIS) == 0) {
      throw new SocketTimeoutException("ratings did not answer within " + TIMEOUT_MILLIS + " ms");
    }
    selector.selectedKeys().clear();
  }

  /** Whether a further call may use this connection. */
  boolean isReusable() {
    return reusable;
  }

  /** Survives the next {@link #close}: the connection went back to the idle ones. */
  void keep() {
    kept = true;
  }

  @Override
  public void close() {
    if (kept) {
      return;
    }
    try (selector;
        channel) {
      reusable = false;
    } catch (IOException ignored) {
      // The connection is given up either way.
    }
  }
}
