/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkedTableTest {

  private final Entries table = new Entries();

  @Test
  void entriesOfAHash_areAllFoundAndNoOthers() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Entry entry = new Entry(i % 250);
      entries.add(entry);
      table.add(entry);
    }

    for (int hash = 0; hash < 250; hash++) {
      assertThat(withHash(hash)).hasSize(4).allMatch(entries::contains);
    }
    assertThat(table.first(250)).isNull();
  }

  @Test
  void removed_isNoLongerFoundAndTheOthersAre() {
    Entry first = new Entry(7);
    Entry second = new Entry(7);
    Entry third = new Entry(7);
    table.add(first);
    table.add(second);
    table.add(third);

    table.remove(second);
    assertThat(withHash(7)).containsExactlyInAnyOrder(first, third);
    table.remove(third);
    assertThat(withHash(7)).containsExactly(first);
    table.remove(first);
    assertThat(withHash(7)).isEmpty();
  }

  @Test
  void manyThatComeAndGo_leaveNothing() {
    for (int round = 0; round < 10; round++) {
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Entry entry = new Entry(i * 31);
        entries.add(entry);
        table.add(entry);
      }
      entries.forEach(table::remove);
      entries.forEach(entry -> assertThat(entry.link).isNull());
    }

    for (int i = 0; i < 200; i++) {
      assertThat(table.first(i * 31)).isNull();
    }
  }

  private List<Entry> withHash(int hash) {
    List<Entry> found = new ArrayList<>();
    for (Entry at = table.first(hash); at != null; at = table.next(at)) {
      assertThat(at.hash).isEqualTo(hash);
      found.add(at);
    }
    return found;
  }

  private static final class Entry {
    private final int hash;
    private Entry link;

    private Entry(int hash) {
      this.hash = hash;
    }
  }

  private static final class Entries extends LinkedTable<Entry> {
    @Override
    int hashOf(Entry entry) {
      return entry.hash;
    }

    @Override
    Entry link(Entry entry) {
      return entry.link;
    }

    @Override
    void setLink(Entry entry, Entry behind) {
      entry.link = behind;
    }
  }
}
