/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import dev.sidelight.controller.web.WriteGuard.Refusal;
import dev.sidelight.controller.web.WriteGuard.RequestHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;

/**
 * {@code /api/v1/pods} and {@code /api/v1/profiles}: the part of the API that changes something.
 */
final class ProfileRoutes {

  private static final String PROFILES = "/api/v1/profiles";
  private static final String PROFILE = PROFILES + "/:id";
  private static final long LONGEST_BODY_BYTES = 16 << 10;

  // deps
  private final Profiling profiling;
  private final WriteGuard guard;

  ProfileRoutes(Profiling profiling, WriteGuard guard) {
    this.profiling = profiling;
    this.guard = guard;
  }

  /** Adds them; what a route answers is computed on a worker by the registry. */
  void addTo(Router router, Registry registry) {
    registry.get("/api/v1/pods", "pods that can be profiled", context -> profiling.pods());
    registry.get(PROFILES, "network profiles of pods", context -> profiling.profiles());
    router.post(PROFILES).handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY_BYTES));
    registry.write("POST", PROFILES, "starts one", context -> guarded(context, true, this::start));
    registry.get(PROFILE, "one, with its topology", context -> profiling.profile(id(context)));
    registry.get(
        PROFILE + "/lines/:line",
        "one line by interval",
        context -> profiling.line(id(context), context.pathParam("line")));
    registry.get(
        PROFILE + "/samples", "its sampled exchanges", context -> profiling.samples(id(context)));
    registry.write(
        "DELETE",
        PROFILE,
        "ends it",
        context -> guarded(context, false, end -> profiling.end(id(end))));
  }

  private Answer start(RoutingContext context) {
    Buffer body = context.body().buffer();
    return profiling.start(body == null ? new byte[0] : body.getBytes());
  }

  private Answer guarded(
      RoutingContext context, boolean hasBody, Function<RoutingContext, Answer> route) {
    HttpServerRequest request = context.request();
    Refusal refusal =
        guard.check(
            new RequestHeaders(
                request.getHeader(HttpHeaders.ORIGIN),
                request.authority() == null ? null : request.authority().toString(),
                request.getHeader(HttpHeaders.AUTHORIZATION),
                request.getHeader(HttpHeaders.CONTENT_TYPE)),
            hasBody);
    if (refusal == null) {
      return route.apply(context);
    }
    if (refusal.statusCode() == 401) {
      context.response().putHeader("www-authenticate", "Bearer realm=\"sidelight\"");
    }
    return ErrorJson.answer(refusal.statusCode(), refusal.message());
  }

  private static String id(RoutingContext context) {
    return context.pathParam("id");
  }

  /** Where routes are made known. */
  interface Registry {

    /** A route that answers GET. */
    void get(String path, String description, Function<RoutingContext, Answer> route);

    /** A route that answers another method. */
    void write(
        String method, String path, String description, Function<RoutingContext, Answer> route);
  }
}
