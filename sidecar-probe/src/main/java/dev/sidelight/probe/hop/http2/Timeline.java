/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop.http2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * When the bytes of one direction were sent, had arrived, or had been read: entries say that all
 * before a position were by then. Asked in the order of positions, it answers at once or as soon as
 * an entry covers the position; with 0 where entries are missing. Bounded: the oldest entries, and
 * the oldest questions, go first. One thread.
 */
final class Timeline {
  private static final int ENTRIES_MAX = 1024;
  private static final int QUESTIONS_MAX = 4096;

  /**
   * @param unsure entries before this one are missing
   */
  private record Entry(int position, long nanos, boolean unsure) {}

  private record Question(int position, LongConsumer answer) {}

  // state
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Deque<Question> questions = new ArrayDeque<>();
  private int reached;
  private boolean begun;
  private boolean gap;

  /** All before the position were, by that time. */
  void add(int position, long nanos) {
    if (begun && position - reached <= 0) {
      return;
    }
    begun = true;
    reached = position;
    entries.add(new Entry(position, nanos, gap));
    gap = false;
    answer();
    if (entries.size() > ENTRIES_MAX) {
      dropOldest();
    }
  }

  /** The next entry speaks of bytes from this position on, not of those before. */
  void begin(int position) {
    if (begun && gap) {
      add(position, 0);
    }
    begun = true;
    gap = false;
    reached = position;
  }

  /** Entries are missing before the next. */
  void gap() {
    gap = true;
  }

  /** Asks when all before the position were; the answer is 0 where it is not known. */
  void when(int position, LongConsumer answer) {
    questions.add(new Question(position, answer));
    answer();
    if (questions.size() > QUESTIONS_MAX) {
      questions.removeFirst().answer().accept(0);
    }
  }

  /** Nothing before the position will be asked for. */
  void advance(int position) {
    while (questions.isEmpty()
        && entries.size() > 1
        && entries.peekFirst().position() - position < 0) {
      removeFirst();
    }
  }

  private void answer() {
    while (!questions.isEmpty() && !entries.isEmpty()) {
      Entry entry = entries.peekFirst();
      Question question = questions.peekFirst();
      if (entry.position() - question.position() < 0) {
        removeFirst();
      } else {
        questions.removeFirst();
        question.answer().accept(entry.unsure() ? 0 : entry.nanos());
      }
    }
  }

  /** What an entry covers begins where the one before it ended, so that one may go. */
  private void removeFirst() {
    entries.removeFirst();
  }

  private void dropOldest() {
    entries.removeFirst();
    Entry next = entries.removeFirst();
    entries.addFirst(new Entry(next.position(), next.nanos(), true));
  }
}
