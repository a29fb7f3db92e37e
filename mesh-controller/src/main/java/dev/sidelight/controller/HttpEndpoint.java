/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller;

import dev.sidelight.controller.web.ApiRouter;
import dev.sidelight.controller.web.ApiSources;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.SocketAddress;
import java.util.function.IntConsumer;

/** The page, the API and /metrics. */
final class HttpEndpoint extends VerticleBase {

  // deps
  private final ControllerSettings.ListenAddress address;
  private final ApiSources sources;
  private final IntConsumer listening;

  /**
   * One server.
   *
   * @param listening told the port
   */
  HttpEndpoint(
      ControllerSettings.ListenAddress address, ApiSources sources, IntConsumer listening) {
    this.address = address;
    this.sources = sources;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .requestHandler(ApiRouter.create(vertx, sources))
        .listen(SocketAddress.inetSocketAddress(address.port(), address.host()))
        .onSuccess(server -> listening.accept(server.actualPort()));
  }
}
