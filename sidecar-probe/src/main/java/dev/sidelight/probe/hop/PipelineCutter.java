/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.hop;

import dev.sidelight.probe.event.Io;
import dev.sidelight.probe.event.IoEntry;
import dev.sidelight.probe.event.WireHead;
import dev.sidelight.probe.event.WireRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a turn of pipelined requests into an exchange each: where requests begin is seen at the
 * initiator, where responses begin at the acceptor, and the other end's times are those of the I/O
 * that reached these positions. It is done only where every entry is known and each request has its
 * response; otherwise there is no telling, and nothing is guessed.
 */
final class PipelineCutter {
  /** Bits of the exchange index that number the requests of one turn. */
  private static final int PIECE_SHIFT = 24;

  private record Range(int start, int end) {}

  private PipelineCutter() {}

  /**
   * The exchanges, in order; empty where they cannot be told.
   *
   * @param requests of the initiator's turn, two or more
   * @param initiator its turn
   * @param acceptors the turns that took the requests, in order, each one or several of them
   */
  static List<HopExchange> cut(
      List<RequestHead> requests, HopEnd initiator, List<HopEnd> acceptors) {
    List<HopExchange> pieces = new ArrayList<>();
    if (!isComplete(initiator.socket())) {
      return List.of();
    }
    int next = 0;
    for (HopEnd acceptor : acceptors) {
      List<Range> responses = responses(acceptor);
      if (!isComplete(acceptor.socket())) {
        return List.of();
      }
      for (int i = 0; i < responses.size() && next < requests.size(); i++) {
        Range request = request(requests, next, initiator);
        pieces.add(
            piece(initiator, acceptor, requests.get(next), request, responses.get(i), next, i));
        next++;
      }
      int end =
          next == 0
              ? acceptor.points().receiveStart()
              : request(requests, next - 1, initiator).end();
      if (end != acceptor.points().receiveEnd()) {
        return List.of();
      }
    }
    return next == requests.size() ? pieces : List.of();
  }

  private static HopExchange piece(
      HopEnd initiator,
      HopEnd acceptor,
      RequestHead head,
      Range request,
      Range response,
      int number,
      int ofAcceptor) {
    WireRecord sent = initiator.socket();
    WireRecord accepted = acceptor.socket();
    EndPoints asked =
        initiator
            .points()
            .piece(
                initiator.points().exchangeIndex() | number << PIECE_SHIFT,
                IoTimes.covering(sent.sends(), request.start, request.end),
                IoTimes.reaching(sent.arrivals(), response.start, response.end),
                IoTimes.reaching(sent.reads(), response.start, response.end))
            .at(request.start, request.end, response.start, response.end);
    EndPoints answered =
        acceptor
            .points()
            .piece(
                acceptor.points().exchangeIndex() | ofAcceptor << PIECE_SHIFT,
                IoTimes.covering(accepted.sends(), response.start, response.end),
                IoTimes.reaching(accepted.arrivals(), request.start, request.end),
                IoTimes.reaching(accepted.reads(), request.start, request.end))
            .at(response.start, response.end, request.start, request.end);
    return HopExchange.pair(
        initiator.withPoints(asked).withHead(head.head()),
        acceptor.withPoints(answered).withHead(responseAt(acceptor, response.start)),
        2);
  }

  private static Range request(List<RequestHead> requests, int number, HopEnd initiator) {
    int end =
        number + 1 < requests.size()
            ? requests.get(number + 1).position()
            : initiator.points().sendEnd();
    return new Range(requests.get(number).position(), end);
  }

  /** From the beginning of a response to that of the next. */
  private static List<Range> responses(HopEnd acceptor) {
    List<Range> ranges = new ArrayList<>();
    int end = acceptor.points().sendEnd();
    List<WireHead> heads = acceptor.socket().heads();
    for (int i = heads.size() - 1; i >= 0; i--) {
      int status = statusOf(heads.get(i));
      if (status != 0 && !TurnJoiner.isInterim(status)) {
        ranges.add(0, new Range(heads.get(i).position(), end));
        end = heads.get(i).position();
      }
    }
    return ranges;
  }

  private static HttpHead responseAt(HopEnd acceptor, int position) {
    return acceptor.socket().heads().stream()
        .filter(head -> head.position() == position)
        .map(head -> HttpHead.parse(head.text()))
        .findFirst()
        .orElse(HttpHead.NONE);
  }

  private static int statusOf(WireHead head) {
    return head.kind() == WireHead.Kind.SENT ? HttpHead.parse(head.text()).status() : 0;
  }

  private static boolean isComplete(WireRecord turn) {
    for (Io kind : Io.values()) {
      if (turn.known(kind) < turn.count(kind)) {
        return false;
      }
    }
    return !turn.isArrivalMissed() && turn.sends().stream().noneMatch(IoEntry::isAlert);
  }
}
