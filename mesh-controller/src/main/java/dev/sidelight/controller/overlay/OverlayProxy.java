/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.overlay;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import java.time.InstantSource;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy's server. */
public final class OverlayProxy extends VerticleBase {

  private static final Logger LOGGER = LoggerFactory.getLogger(OverlayProxy.class);

  /** OpenID sessions travel in several cookies of 4 KB each. */
  private static final int MAX_HEADER_BYTES = 256 << 10;

  /** Many namespaces in one query. */
  private static final int MAX_LINE_BYTES = 64 << 10;

  private static final int CONNECT_MILLIS = 5_000;

  /** A page loads several things at once, and WebSockets keep theirs. */
  private static final int MAX_CONNECTIONS = 512;

  private static final int MAX_WAITING = 1_024;

  /**
   * Less than what servers keep an idle connection for: one that closes now would fail a request.
   */
  private static final int KEEP_ALIVE_SECONDS = 15;

  // deps
  private final OverlaySettings settings;
  private final OverlayEdges edges;
  private final OverlayEvents events;
  private final InstantSource clock;
  private final IntConsumer listening;

  /**
   * A server to be deployed once.
   *
   * @param edges the figures
   * @param events told what became of answers
   * @param clock wall clock
   * @param listening told the port
   */
  public OverlayProxy(
      OverlaySettings settings,
      OverlayEdges edges,
      OverlayEvents events,
      InstantSource clock,
      IntConsumer listening) {
    this.settings = settings;
    this.edges = edges;
    this.events = events;
    this.clock = clock;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    HttpClient client = client();
    HttpProxy proxy =
        HttpProxy.reverseProxy(client)
            .origin(context -> originRequest(client, context))
            .addInterceptor(new PassageInterceptor(settings, events), true)
            .addInterceptor(
                new GraphInterceptor(
                    vertx, new GraphChange(edges, settings, clock), settings, events));
    return vertx
        .createHttpServer(serverOptions())
        .requestHandler(proxy)
        .listen(SocketAddress.inetSocketAddress(settings.port(), settings.host()))
        .onSuccess(server -> listening.accept(server.actualPort()));
  }

  private HttpClient client() {
    return vertx
        .httpClientBuilder()
        .with(
            new HttpClientOptions()
                .setSsl(settings.isKialiTls())
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES))
        .with(new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING))
        .build();
  }

  private static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setHandle100ContinueAutomatically(true)
        .setHttp2ClearTextEnabled(false)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_LINE_BYTES);
  }

  private Future<HttpClientRequest> originRequest(HttpClient client, ProxyContext context) {
    RequestOptions options =
        new RequestOptions()
            .setHost(settings.kialiUrl().getHost())
            .setPort(settings.kialiPort())
            .setConnectTimeout(CONNECT_MILLIS);
    if (!context.isWebSocket()) {
      options.setIdleTimeout(settings.silenceMillis());
    }
    // Who waits for the answer learns of a failure; Vert.x would log it as nobody's.
    return client
        .request(options)
        .onSuccess(
            request ->
                request.exceptionHandler(
                    failure -> LOGGER.debug("a request to Kiali ended: {}", failure.toString())));
  }
}
