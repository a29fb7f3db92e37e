/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * The program of the tests in Java: java Server.java PORT. GET answers 200, or 404 below /missing;
 * POST reads its body and answers 201.
 */
public final class Server {
  private static final byte[] BODY =
      ("{\"program\": \"java\", \"filler\": \"" + "x".repeat(200) + "\"}")
          .getBytes(StandardCharsets.UTF_8);

  private Server() {}

  public static void main(String[] arguments) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 128);
    server.createContext("/", Server::answer);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    int found = exchange.getRequestURI().getPath().startsWith("/missing") ? 404 : 200;
    exchange.sendResponseHeaders(exchange.getRequestMethod().equals("POST") ? 201 : found, BODY.length);
    exchange.getResponseBody().write(BODY);
    exchange.close();
  }
}
