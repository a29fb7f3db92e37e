/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the HTTP port. Requests are taken on the event loop; answers that cost more than a
 * look are computed on Vert.x's workers. What goes wrong inside is logged; the client learns that
 * it did.
 */
public final class ApiRouter {

  private static final Logger LOGGER = LoggerFactory.getLogger(ApiRouter.class);

  private static final int DEFAULT_EDGES_WINDOW_SECONDS = 60;
  private static final int MAX_EDGES_WINDOW_SECONDS = 3600;

  // deps
  private final Vertx vertx;
  private final ApiSources sources;
  // state
  private final Map<String, String> descriptionsByPath = new LinkedHashMap<>();

  private ApiRouter(Vertx vertx, ApiSources sources) {
    this.vertx = vertx;
    this.sources = sources;
  }

  /** A router to be set as an HTTP server's request handler. */
  public static Router create(Vertx vertx, ApiSources sources) {
    Router router = Router.router(vertx);
    new ApiRouter(vertx, sources).addTo(router);
    return router;
  }

  private void addTo(Router router) {
    RequestsRoute requests = new RequestsRoute(sources.requests());
    computed(router, "/api/v1/edges", "edges with their latency, over ?window=60s", this::edges);
    computed(
        router,
        "/api/v1/requests",
        "single calls, newest or slowest first",
        context -> requests.answer(parameters(context)));
    HistoryRoute history = new HistoryRoute(sources.history());
    computed(
        router,
        "/api/v1/history",
        "edges over time, of ?source=NAMESPACE/WORKLOAD&destination=",
        context -> history.answer(parameters(context)));
    new ProfileRoutes(sources.profiling(), sources.guard()).addTo(router, registry(router));
    computed(
        router,
        "/api/namespaces/graph",
        "the mesh in Kiali's form, of ?namespaces=a,b",
        context -> sources.graph().apply(firstValues(context.queryParams())));
    computed(
        router,
        "/api/v1/status",
        "what reaches the controller, and what is missing",
        context -> Answer.json(200, sources.status().get()));
    metrics(router);
    immediate(router, "/healthz", "200 while the process runs", () -> Answer.text(200, "ok\n"));
    immediate(router, "/readyz", "200 when calls can be taken", this::ready);
    immediate(router, "/api", "this list", this::index);
    page(router);
    answerErrors(router);
  }

  private void metrics(Router router) {
    String path = "/metrics";
    MetricsRoute route = new MetricsRoute(sources.registry());
    descriptionsByPath.put(path, "Prometheus");
    router
        .get(path)
        .handler(
            context ->
                vertx
                    .executeBlocking(
                        () -> {
                          route.answer(context);
                          return null;
                        },
                        false)
                    .onFailure(failure -> sendFailure(context, failure)));
  }

  private void page(Router router) {
    descriptionsByPath.put("/", "the page");
    descriptionsByPath.put(PageRoutes.FILES, "its files");
    new PageRoutes(vertx).addTo(router);
  }

  private Answer edges(RoutingContext context) {
    Parameters parameters = parameters(context);
    int windowSeconds =
        parameters.windowSeconds(DEFAULT_EDGES_WINDOW_SECONDS, MAX_EDGES_WINDOW_SECONDS);
    return Answer.json(200, sources.edges().edges(windowSeconds, parameters.edges()));
  }

  private Answer ready() {
    return sources.ready().getAsBoolean()
        ? Answer.text(200, "ready\n")
        : Answer.text(503, "not ready\n");
  }

  private Answer index() {
    String lines =
        descriptionsByPath.entrySet().stream()
            .map(entry -> "%-40s%s%n".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    return Answer.text(200, "Sidelight mesh controller\n\n" + lines);
  }

  private void computed(
      Router router, String path, String description, Function<RoutingContext, Answer> route) {
    descriptionsByPath.put(path, description);
    router.get(path).handler(context -> compute(context, route));
  }

  private void compute(RoutingContext context, Function<RoutingContext, Answer> route) {
    vertx
        .executeBlocking(() -> route.apply(context), false)
        .onComplete(answer -> send(context, answer), failure -> sendFailure(context, failure));
  }

  private ProfileRoutes.Registry registry(Router router) {
    return new ProfileRoutes.Registry() {
      @Override
      public void get(String path, String description, Function<RoutingContext, Answer> route) {
        computed(router, path, description, route);
      }

      @Override
      public void write(
          String method, String path, String description, Function<RoutingContext, Answer> route) {
        descriptionsByPath.put(method + " " + path, description);
        router.route(HttpMethod.valueOf(method), path).handler(context -> compute(context, route));
      }
    };
  }

  private void immediate(Router router, String path, String description, Callable<Answer> route) {
    descriptionsByPath.put(path, description);
    router
        .get(path)
        .handler(
            context -> {
              try {
                send(context, route.call());
              } catch (Exception e) {
                sendFailure(context, e);
              }
            });
  }

  private static void answerErrors(Router router) {
    router.errorHandler(
        404,
        context ->
            send(context, ErrorJson.answer(404, "no such endpoint: see /api for those there are")));
    router.errorHandler(
        405,
        context ->
            send(
                context,
                ErrorJson.answer(
                    405, "this endpoint does not answer " + context.request().method())));
    router.errorHandler(
        413, context -> send(context, ErrorJson.answer(413, "the body is too long")));
    router.errorHandler(
        400, context -> send(context, ErrorJson.answer(400, "the request could not be read")));
    router.errorHandler(500, context -> sendFailure(context, context.failure()));
  }

  private static void sendFailure(RoutingContext context, Throwable failure) {
    if (failure instanceof BadParameterException badParameter) {
      send(context, ErrorJson.answer(badParameter));
      return;
    }
    LOGGER.error("{} failed", context.request().path(), failure);
    send(context, ErrorJson.answer(500, "internal error; the controller's log says more"));
  }

  private static void send(RoutingContext context, Answer answer) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(answer.statusCode())
        .putHeader("content-type", answer.contentType())
        .putHeader("x-content-type-options", "nosniff")
        .end(Buffer.buffer(answer.body()));
  }

  private static Parameters parameters(RoutingContext context) {
    return new Parameters(context.queryParams());
  }

  /** Kiali's parameters are single: of one that is repeated the first counts. */
  private static Map<String, String> firstValues(MultiMap parameters) {
    return parameters.names().stream()
        .collect(Collectors.toMap(name -> name, parameters::get, (first, second) -> first));
  }

  /** Paths in the order of the index. */
  static List<String> paths(Vertx vertx, ApiSources sources) {
    ApiRouter routes = new ApiRouter(vertx, sources);
    routes.addTo(Router.router(vertx));
    return List.copyOf(routes.descriptionsByPath.keySet());
  }
}
