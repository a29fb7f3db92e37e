/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One planned call as caller and app saw it: what its components can have been.
 *
 * @param attempts at the app, the first one first; empty where none came there
 */
record ObservedCall(ObservedExchange caller, List<ObservedExchange> attempts) {

  /** All that lies between the two programs' system calls: sidecars, network, kernel, retries. */
  static final String REST = "rest";

  /** The rest, with what lay in the programs' sockets before they read it. */
  static final String BETWEEN = "between";

  /** The attempt whose response the caller got. */
  ObservedExchange answering() {
    return attempts.get(attempts.size() - 1);
  }

  /** The attempt that answered cannot have come before the one before it was answered. */
  private long mostQueuedNanos() {
    Bracket begin =
        attempts.size() > 1 ? attempts.get(attempts.size() - 2).firstSend() : caller.lastSend();
    return Bracket.between(begin, answering().lastRead()).highNanos();
  }

  /** By component; {@code total}, {@link #REST} and {@link #BETWEEN} beside them. */
  Map<String, Bracket> brackets() {
    ObservedExchange app = answering();
    Bracket there = Bracket.between(caller.lastSend(), app.lastRead());
    Bracket back = Bracket.between(app.lastSend(), caller.lastRead());
    long queued = app.leastWaitNanos();
    long unread = caller.leastWaitNanos();
    Map<String, Bracket> brackets = new LinkedHashMap<>();
    brackets.put("total", Bracket.between(caller.firstSend(), caller.lastRead()));
    brackets.put("request_transfer", Bracket.between(caller.firstSend(), caller.lastSend()));
    brackets.put("application_queue", new Bracket(queued, mostQueuedNanos()));
    brackets.put("application", Bracket.between(app.lastRead(), app.firstSend()));
    brackets.put("response_transfer", Bracket.between(app.firstSend(), app.lastSend()));
    brackets.put("source_application_read", new Bracket(unread, back.highNanos()));
    brackets.put(REST, new Bracket(0, there.plus(back).highNanos() - queued - unread));
    brackets.put(BETWEEN, there.plus(back));
    if (attempts.size() > 1) {
      ObservedExchange first = attempts.get(0);
      brackets.put(
          "retry",
          new Bracket(
              Bracket.between(first.lastRead(), first.firstSend()).lowNanos(), there.highNanos()));
    }
    return brackets;
  }
}
