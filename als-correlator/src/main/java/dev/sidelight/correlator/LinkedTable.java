/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

/**
 * A hash table whose entries are linked through themselves, so that one more costs no memory but a
 * slot. It knows hashes, which its entries keep, and no keys: whoever looks something up walks the
 * entries of a hash, and compares. One thread.
 */
abstract class LinkedTable<E> {
  private static final int SLOTS_MIN = 64;

  // state: a power of two, at least twice as many as entries
  private E[] heads = newArray(SLOTS_MIN);
  private int size;

  /** The hash of an entry's key, which the entry keeps: not computed from what lies elsewhere. */
  abstract int hashOf(E entry);

  /** The entry that the table has linked behind this one; null at the end. */
  abstract E link(E entry);

  /** Remembers in the entry what {@link #link} returns. */
  abstract void setLink(E entry, E behind);

  /** The first entry with this hash; null where there is none. */
  final E first(int hash) {
    return withHash(hash, heads[slot(hash)]);
  }

  /** The next entry with the same hash; null where there is none. */
  final E next(E entry) {
    return withHash(hashOf(entry), link(entry));
  }

  final void add(E entry) {
    if (2 * size >= heads.length) {
      grow();
    }
    prepend(entry);
    size++;
  }

  /** Removes an entry that is in the table. */
  final void remove(E entry) {
    int slot = slot(hashOf(entry));
    E before = null;
    E at = heads[slot];
    while (at != entry) {
      before = at;
      at = link(at);
    }
    if (before == null) {
      heads[slot] = link(entry);
    } else {
      setLink(before, link(entry));
    }
    setLink(entry, null);
    size--;
  }

  private E withHash(int hash, E from) {
    E at = from;
    while (at != null && hashOf(at) != hash) {
      at = link(at);
    }
    return at;
  }

  private void grow() {
    E[] old = heads;
    heads = newArray(2 * old.length);
    for (E head : old) {
      for (E entry = head; entry != null; ) {
        E behind = link(entry);
        prepend(entry);
        entry = behind;
      }
    }
  }

  private void prepend(E entry) {
    int slot = slot(hashOf(entry));
    setLink(entry, heads[slot]);
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
