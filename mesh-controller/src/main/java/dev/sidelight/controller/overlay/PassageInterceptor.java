/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;

/**
 * What the proxy itself would not leave as it is: the host that the client named, the spelling of
 * the date, an answer that refuses a WebSocket, back pressure in one that is open, and why Kiali
 * does not answer. One event loop.
 */
final class PassageInterceptor implements ProxyInterceptor {

  private static final int SWITCHING_PROTOCOLS = 101;

  // deps
  private final OverlaySettings settings;
  private final OverlayEvents events;

  PassageInterceptor(OverlaySettings settings, OverlayEvents events) {
    this.settings = settings;
    this.events = events;
  }

  @Override
  public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
    HttpServerRequest request = context.request().proxiedRequest();
    if (request.authority() != null) {
      context.request().setAuthority(request.authority());
    }
    if (!context.isWebSocket()) {
      Headers.removeOfConnection(context.request().headers());
      // The server has answered it already.
      context.request().headers().remove("expect");
    }
    return context
        .sendRequest()
        .recover(
            failure -> {
              Outcome outcome = KialiFailure.outcome(failure);
              events.answered(outcome);
              return Future.succeededFuture(
                  KialiFailure.answer(context.request(), outcome, settings));
            });
  }

  @Override
  public Future<Void> handleProxyResponse(ProxyContext context) {
    HttpClientResponse answer = context.response().proxiedResponse();
    if (answer == null) {
      return context.response().send();
    }
    if (context.isWebSocket()) {
      events.answered(Outcome.NOT_GRAPH);
      if (answer.statusCode() == SWITCHING_PROTOCOLS) {
        return tunnel(context.request().proxiedRequest(), answer);
      }
    }
    MultiMap headers = context.response().headers();
    Headers.removeOfConnection(headers);
    keepDate(context.request().proxiedRequest().response(), headers);
    return context.response().send();
  }

  private static void keepDate(HttpServerResponse response, MultiMap headers) {
    String date = headers.get(HttpHeaders.DATE);
    if (date != null) {
      response.headersEndHandler(end -> response.putHeader(HttpHeaders.DATE, date));
    }
  }

  private static Future<Void> tunnel(HttpServerRequest request, HttpClientResponse answer) {
    NetSocket kiali = answer.netSocket();
    kiali.pause();
    request.response().setStatusCode(SWITCHING_PROTOCOLS);
    request.response().headers().addAll(answer.headers());
    return request
        .toNetSocket()
        .onFailure(failure -> kiali.close())
        .compose(
            client -> {
              client.pipeTo(kiali).onComplete(end -> kiali.close());
              return kiali.pipeTo(client).eventually(client::close);
            });
  }
}
