/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes graphs out of the stream, has them changed, and sends them on; everything else streams
 * through. One event loop.
 */
final class GraphInterceptor implements ProxyInterceptor {

  private static final Logger LOGGER = LoggerFactory.getLogger(GraphInterceptor.class);

  private static final String GRAPH = "graph";
  private static final int OK = 200;

  /** Graphs held in memory at once; what comes on top passes. */
  private static final int MAX_CHANGING = 4;

  // deps
  private final Vertx vertx;
  private final GraphChange change;
  private final OverlaySettings settings;
  private final OverlayEvents events;

  // state
  private int changing;

  GraphInterceptor(
      Vertx vertx, GraphChange change, OverlaySettings settings, OverlayEvents events) {
    this.vertx = vertx;
    this.change = change;
    this.settings = settings;
    this.events = events;
  }

  @Override
  public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
    GraphRequest request = GraphRequest.of(context.request().proxiedRequest());
    if (request != null) {
      context.set(GRAPH, request);
      Headers.askForReadableGraph(context.request().headers());
    }
    return context.sendRequest();
  }

  @Override
  public Future<Void> handleProxyResponse(ProxyContext context) {
    if (context.response().proxiedResponse() == null) {
      return context.sendResponse();
    }
    GraphRequest request = context.get(GRAPH, GraphRequest.class);
    if (request == null) {
      return pass(context, Outcome.NOT_GRAPH);
    }
    ContentCoding coding;
    try {
      coding = codingOf(context.response());
    } catch (PassedException e) {
      return pass(context, e.outcome());
    }
    changing++;
    return GraphBody.take(vertx, context.response().getBody().stream(), settings)
        .change(body -> change(body, coding, request), () -> changing--)
        .transform(
            result ->
                result.succeeded() ? sendTaken(context, result.result()) : sendFailure(context));
  }

  private ContentCoding codingOf(ProxyResponse response) throws PassedException {
    if (response.getStatusCode() != OK) {
      throw new PassedException(Outcome.STATUS, "status " + response.getStatusCode());
    }
    String mediaType = response.getBody().mediaType();
    if (mediaType == null
        || !mediaType.strip().toLowerCase(Locale.ROOT).matches("application/json(?:\\s*;.*)?")) {
      throw new PassedException(Outcome.NOT_JSON, "content type " + mediaType);
    }
    MultiMap headers = response.headers();
    ContentCoding coding =
        ContentCoding.of(
            headers.contains(HttpHeaders.CONTENT_ENCODING)
                ? String.join(",", headers.getAll(HttpHeaders.CONTENT_ENCODING))
                : null);
    if (response.getBody().length() > settings.maxGraphBytes()) {
      throw new PassedException(Outcome.TOO_LARGE, response.getBody().length() + " bytes");
    }
    if (changing >= MAX_CHANGING) {
      throw new PassedException(Outcome.BUSY, changing + " are being changed");
    }
    return coding;
  }

  /** On a worker. */
  private byte[] change(byte[] body, ContentCoding coding, GraphRequest request)
      throws PassedException {
    long startNanos = System.nanoTime();
    try {
      return change.apply(body, coding, request);
    } catch (PassedException e) {
      LOGGER.debug("graph passed: {}: {}", e.outcome().reason(), e.getMessage());
      throw e;
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      // Kiali's answer must not suffer from what is wrong here.
      LOGGER.error("a graph could not be changed and was passed on as it came", e);
      throw new PassedException(Outcome.ERROR, e);
    } finally {
      events.changeTook(System.nanoTime() - startNanos);
    }
  }

  private Future<Void> pass(ProxyContext context, Outcome outcome) {
    events.answered(outcome);
    return context.sendResponse();
  }

  private Future<Void> sendTaken(ProxyContext context, GraphBody.Taken taken) {
    ProxyResponse response = context.response();
    String mediaType = response.getBody().mediaType();
    long length = response.getBody().length();
    if (taken.outcome() == Outcome.CHANGED) {
      Headers.removeOfBody(response.headers());
      length = taken.changed().length();
    }
    response.setBody(Body.body(taken.stream(), length, mediaType));
    return pass(context, taken.outcome());
  }

  /** Nothing has been sent yet: better a failure that is told than half a graph. */
  private Future<Void> sendFailure(ProxyContext context) {
    events.answered(Outcome.BROKEN_OFF);
    return KialiFailure.answer(context.request(), Outcome.BROKEN_OFF, settings).send();
  }
}
