/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * A hash table whose entries are linked through themselves, so that one more costs no memory. It
 * knows no keys: whoever looks something up walks the entries of a hash, and compares. One thread.
 */
abstract class LinkedTable<E> {
  private static final int SIZE_MIN = 64;

  // state
  private E[] heads = newArray(SIZE_MIN);
  private int size;

  /** The hash of an entry's key. */
  abstract int hashOf(E entry);

  /** The next entry that the table has linked to this one; null at the end. */
  abstract E next(E entry);

  /** Remembers in the entry what {@link #next} returns. */
  abstract void setNext(E entry, E next);

  /** First of the entries among which are all those with this hash; {@link #next} leads on. */
  final E first(int hash) {
    return heads[slot(hash)];
  }

  final void add(E entry) {
    if (size >= heads.length) {
      grow();
    }
    link(entry);
    size++;
  }

  /** Removes an entry that is in the table. */
  final void remove(E entry) {
    int slot = slot(hashOf(entry));
    E before = null;
    E at = heads[slot];
    while (at != entry) {
      before = at;
      at = next(at);
    }
    if (before == null) {
      heads[slot] = next(entry);
    } else {
      setNext(before, next(entry));
    }
    setNext(entry, null);
    size--;
  }

  final int size() {
    return size;
  }

  private void grow() {
    E[] old = heads;
    heads = newArray(2 * old.length);
    for (E head : old) {
      for (E entry = head; entry != null; ) {
        E next = next(entry);
        link(entry);
        entry = next;
      }
    }
  }

  private void link(E entry) {
    int slot = slot(hashOf(entry));
    setNext(entry, heads[slot]);
    heads[slot] = entry;
  }

  /** Spreads the bits: hashes of addresses and positions differ in few of them. */
  private int slot(int hash) {
    int spread = hash * 0x9E3779B9;
    return (spread ^ spread >>> 16) & (heads.length - 1);
  }

  @SuppressWarnings("unchecked")
  private static <E> E[] newArray(int length) {
    return (E[]) new Object[length];
  }
}
