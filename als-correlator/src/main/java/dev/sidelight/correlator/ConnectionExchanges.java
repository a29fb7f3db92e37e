/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * The exchanges of one end of a connection, in the order of their time: of the first read at an
 * acceptor, of the first send at an initiator. They come and go nearly in that order. One thread.
 * The window uses these objects again and again.
 */
final class ConnectionExchanges extends AbstractList<Exchange> implements RandomAccess {
  private static final int CAPACITY_MIN = 4;
  private static final int CAPACITY_SMALL = 256;

  // state: whose they are
  private String podAddress;
  private boolean accepted;
  private SocketAddress near;
  private SocketAddress far;
  private int hash;

  // state: a ring
  private Exchange[] ring = new Exchange[CAPACITY_MIN];
  private long[] times = new long[CAPACITY_MIN];
  private int head;
  private int size;
  private boolean streams;

  /** What the index has linked behind it, or the window while it is not used. */
  ConnectionExchanges link;

  /** Begins anew, for another connection; there are none of the one before. */
  void reset(String pod, boolean ofAcceptor, SocketAddress nearAddress, SocketAddress farAddress) {
    podAddress = pod;
    accepted = ofAcceptor;
    near = nearAddress;
    far = farAddress;
    hash = hash(pod, ofAcceptor, nearAddress, farAddress);
    streams = false;
  }

  /** See {@link ConnectionKey}. */
  static int hash(String podAddress, boolean accepted, SocketAddress near, SocketAddress far) {
    int hash = 31 * podAddress.hashCode() + near.address().hashCode();
    hash = 31 * hash + near.port();
    return accepted ? hash : 31 * (31 * hash + far.address().hashCode()) + far.port() + 1;
  }

  boolean isOf(
      String pod, boolean ofAcceptor, SocketAddress nearAddress, SocketAddress farAddress) {
    return accepted == ofAcceptor
        && near.equals(nearAddress)
        && (accepted || far.equals(farAddress))
        && podAddress.equals(pod);
  }

  /** Whether the connection carries streams of HTTP/2, as the last of its exchanges says. */
  boolean isOfStreams() {
    return streams;
  }

  /** Whether it may be kept for another connection without wasting memory. */
  boolean isSmall() {
    return ring.length <= CAPACITY_SMALL;
  }

  int hash() {
    return hash;
  }

  @Override
  public Exchange get(int index) {
    return ring[slot(index)];
  }

  /** The time by which the exchange at this index is in order. */
  long timeAt(int index) {
    return times[slot(index)];
  }

  @Override
  public int size() {
    return size;
  }

  /** How many begin at a time or before it: the last of them is at one less. */
  int countUpTo(long nanos) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[slot(middle)] <= nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void insert(Exchange exchange) {
    if (size == ring.length) {
      grow();
    }
    long nanos = timeOf(exchange);
    int index = size == 0 || times[slot(size - 1)] <= nanos ? size : countUpTo(nanos);
    if (index == size) {
      // Kept here, since a look at the exchange itself costs two lines of cache.
      streams = exchange.end(!accepted).isStream();
    }
    if (index < size / 2) {
      head = (head - 1) & (ring.length - 1);
      for (int i = 0; i < index; i++) {
        move(i + 1, i);
      }
    } else {
      for (int i = size; i > index; i--) {
        move(i - 1, i);
      }
    }
    ring[slot(index)] = exchange;
    times[slot(index)] = nanos;
    size++;
  }

  void delete(Exchange exchange) {
    int index = indexOf(exchange);
    if (index < size / 2) {
      for (int i = index; i > 0; i--) {
        move(i - 1, i);
      }
      ring[head] = null;
      head = slot(1);
    } else {
      for (int i = index; i < size - 1; i++) {
        move(i + 1, i);
      }
      ring[slot(size - 1)] = null;
    }
    size--;
  }

  private int indexOf(Exchange exchange) {
    if (ring[head] == exchange) {
      return 0;
    }
    int index = countUpTo(timeOf(exchange)) - 1;
    while (ring[slot(index)] != exchange) {
      index--;
    }
    return index;
  }

  private void grow() {
    Exchange[] largerRing = new Exchange[2 * ring.length];
    long[] largerTimes = new long[2 * ring.length];
    for (int i = 0; i < size; i++) {
      largerRing[i] = ring[slot(i)];
      largerTimes[i] = times[slot(i)];
    }
    ring = largerRing;
    times = largerTimes;
    head = 0;
  }

  private long timeOf(Exchange exchange) {
    return accepted ? exchange.acceptor().firstReadNanos() : exchange.initiator().firstSendNanos();
  }

  private void move(int from, int to) {
    ring[slot(to)] = ring[slot(from)];
    times[slot(to)] = times[slot(from)];
  }

  private int slot(int index) {
    return (head + index) & (ring.length - 1);
  }
}
