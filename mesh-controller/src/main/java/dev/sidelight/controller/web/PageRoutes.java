/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The page at / and its files. A browser keeps them and asks each time whether they are still the
 * same, so that a new version is there at once. Nothing is loaded from elsewhere: the content
 * security policy forbids it, and code or style in the document too.
 */
final class PageRoutes {

  static final String FILES = "/page/";

  private static final String INDEX = "index.html";
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self';"
          + " frame-ancestors 'self'";

  // deps
  private final Vertx vertx;
  // state
  private final PageFiles files = new PageFiles();

  PageRoutes(Vertx vertx) {
    this.vertx = vertx;
  }

  void addTo(Router router) {
    router.get("/").handler(context -> answer(context, INDEX));
    router.get(FILES + ":name").handler(context -> answer(context, context.pathParam("name")));
  }

  private void answer(RoutingContext context, String name) {
    vertx
        .executeBlocking(() -> files.find(name), false)
        .onComplete(
            file -> {
              if (file == null) {
                context.next();
              } else {
                send(context, file);
              }
            },
            context::fail);
  }

  private static void send(RoutingContext context, PageFile file) {
    HttpServerResponse response = context.response();
    response
        .putHeader("cache-control", "no-cache")
        .putHeader("content-security-policy", POLICY)
        .putHeader("referrer-policy", "no-referrer")
        .putHeader("vary", "accept-encoding")
        .putHeader("x-content-type-options", "nosniff");
    context.etag(file.etag());
    if (context.isFresh()) {
      response.setStatusCode(304).end();
      return;
    }
    boolean gzip =
        context.parsedHeaders().acceptEncoding().stream()
            .anyMatch(encoding -> encoding.value().equals("gzip") && encoding.weight() > 0);
    if (gzip) {
      response.putHeader("content-encoding", "gzip");
    }
    response
        .putHeader("content-type", file.contentType())
        .end(Buffer.buffer(gzip ? file.gzip() : file.body()));
  }
}
