/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.concurrent.TimeoutException;

/** Answers in Kiali's stead, where Kiali gave none. */
final class KialiFailure {

  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  private KialiFailure() {}

  static Outcome outcome(Throwable failure) {
    return failure instanceof TimeoutException ? Outcome.SILENT : Outcome.UNREACHABLE;
  }

  static ProxyResponse answer(ProxyRequest request, Outcome outcome, OverlaySettings settings) {
    String what =
        switch (outcome) {
          case SILENT -> "said nothing for " + settings.silenceMillis() / 1000 + " s";
          case BROKEN_OFF -> "broke off its answer";
          default -> "cannot be reached";
        };
    Buffer text =
        Buffer.buffer("Sidelight overlay: Kiali at " + settings.kialiUrl() + " " + what + ".\n");
    return request
        .release()
        .response()
        .setStatusCode(outcome == Outcome.SILENT ? GATEWAY_TIMEOUT : BAD_GATEWAY)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .setBody(Body.body(ReplayedStream.of(text), text.length(), "text/plain; charset=utf-8"));
  }
}
