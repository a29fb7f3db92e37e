/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A load generator: kept connections, each with one request at a time, as fast as they go. */
final class HttpLoad {

  /**
   * A request that was answered, as the probe is to name it.
   *
   * @param pathTemplate of a path with an id
   */
  record Told(String method, String pathTemplate, int status) {}

  private static final String BODY = "{\"title\": \"a body\"}";
  private static final int KINDS = 4;

  private final Namespace from;
  private final String address;
  private final int port;
  private final String host;

  /**
   * To one place.
   *
   * @param from where its sockets are
   * @param host of every request
   */
  HttpLoad(Namespace from, String address, int port, String host) {
    this.from = from;
    this.address = address;
    this.port = port;
    this.host = host;
  }

  /**
   * Sends reading requests, some to a path that is missing, and writing ones.
   *
   * @param prefix of their ids
   * @return what was answered, by request id
   */
  Map<String, Told> mixed(String prefix, int connections, int requests) {
    Map<String, Told> told = new ConcurrentHashMap<>();
    inParallel(
        connections,
        (connection, first) -> {
          for (int i = first; i < requests; i += connections) {
            Told wanted = wanted(i);
            String id = prefix + "-" + i;
            connection.send(request(wanted, i, id));
            int status = connection.read(wanted.method()).status();
            told.put(id, new Told(wanted.method(), wanted.pathTemplate(), status));
          }
        });
    return told;
  }

  /** Sends so many equal requests; returns how many were answered with 200. */
  long equal(String path, int connections, int requests) {
    String request = "GET " + path + " HTTP/1.1\r\nhost: " + host + "\r\n\r\n";
    return inParallel(
        connections,
        (connection, first) -> {
          for (int i = first; i < requests; i += connections) {
            connection.send(request);
            if (connection.read("GET").status() != 200) {
              throw new IOException("request " + i + " failed");
            }
          }
        },
        requests);
  }

  /** What the request of this number is to be told as. */
  static Told wanted(int number) {
    return switch (number % KINDS) {
      case 0 -> new Told("POST", "/items", 201);
      case 1 -> new Told("GET", "/missing/{id}", 404);
      default -> new Told("GET", "/items/{id}/parts", 200);
    };
  }

  private String request(Told wanted, int number, String id) {
    String path = wanted.pathTemplate().replace("{id}", Integer.toString(number));
    String body = wanted.method().equals("POST") ? BODY : "";
    String length = body.isEmpty() ? "" : "content-length: " + body.length() + "\r\n";
    return wanted.method()
        + " "
        + path
        + "?q=1 HTTP/1.1\r\nhost: "
        + host
        + "\r\nx-request-id: "
        + id
        + "\r\n"
        + length
        + "\r\n"
        + body;
  }

  private interface Client {
    void run(HttpClientConnection connection, int first) throws IOException;
  }

  private long inParallel(int connections, Client client, long requests) {
    inParallel(connections, client);
    return requests;
  }

  private void inParallel(int connections, Client client) {
    ExecutorService clients = Executors.newFixedThreadPool(connections, from.threads());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int first = i;
      tasks.add(
          () -> {
            try (HttpClientConnection connection = new HttpClientConnection(address, port)) {
              client.run(connection, first);
            }
            return null;
          });
    }
    try {
      for (Future<Void> done : clients.invokeAll(tasks)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      clients.shutdownNow();
    }
  }
}
