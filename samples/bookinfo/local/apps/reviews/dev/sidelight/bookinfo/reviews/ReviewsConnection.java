/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One caller's kept connection, served by a thread of its own until it closes. */
final class ReviewsConnection implements Runnable {
  private static final Pattern REVIEWS_PATH = Pattern.compile("/reviews/(\\d+)");
  private static final String HEALTH_PATH = "/health";

  /** What a program has to pass on so that one request can be followed through the mesh. */
  private static final List<String> PROPAGATED_HEADERS =
      List.of(
          "x-request-id",
          "x-b3-traceid",
          "x-b3-spanid",
          "x-b3-parentspanid",
          "x-b3-sampled",
          "x-b3-flags",
          "b3",
          "x-ot-span-context",
          "traceparent",
          "tracestate",
          "end-user",
          "user-agent");

  // deps
  private final SocketChannel channel;
  private final ReviewsPages pages;
  private final RatingsClient ratings;
  private final FaultFile faults;
  private final CallLog log;

  // state
  private final ByteBuffer received = ByteBuffer.allocateDirect(64 * 1024);
  private RatingsResponse call;

  ReviewsConnection(
      SocketChannel channel,
      ReviewsPages pages,
      RatingsClient ratings,
      FaultFile faults,
      CallLog log) {
    this.channel = channel;
    this.pages = pages;
    this.ratings = ratings;
    this.faults = faults;
    this.log = log;
  }

  @Override
  public void run() {
    try (channel;
        Selector selector = Selector.open()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      HttpMessage request = next(selector);
      while (request != null) {
        call = null;
        respond(request);
        if (call != null) {
          log.add(request.headers().getOrDefault("x-request-id", ""), call);
        }
        request = next(selector);
      }
    } catch (IOException gone) {
      // The peer went away: nothing is owed to it.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next request, which lies unread under app-queue; null at the end of the connection. */
  private HttpMessage next(Selector selector) throws IOException, InterruptedException {
    received.clear();
    HttpMessage request = null;
    while (request == null) {
      selector.select();
      selector.selectedKeys().clear();
      faults.current().delayIf("app-queue");
      if (channel.read(received) < 0) {
        return null;
      }
      request = HttpMessage.parse(received);
    }
    return request;
  }

  private void respond(HttpMessage request) throws IOException, InterruptedException {
    String path = request.subject().split("\\?", 2)[0];
    Matcher reviews = REVIEWS_PATH.matcher(path);
    if (path.equals(HEALTH_PATH)) {
      send("200 OK", "{\"status\":\"Reviews is healthy\"}", Fault.NONE);
    } else if (!reviews.matches()) {
      send("404 Not Found", "{\"error\":\"no such path\"}", Fault.NONE);
    } else {
      Fault fault = faults.current();
      if (pages.needsRatings()) {
        String query = request.subject().substring(path.length());
        call = ratings.get(reviews.group(1) + query, passedOn(request), fault);
      }
      String body = pages.reviews(reviews.group(1), call == null ? "" : call.body());
      fault.delayIf("app-sleep");
      send(
          call == null || call.status() == 200 ? "200 OK" : "503 Service Unavailable", body, fault);
    }
  }

  private static Map<String, String> passedOn(HttpMessage request) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : PROPAGATED_HEADERS) {
      String value = request.headers().get(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  private void send(String status, String body, Fault fault)
      throws IOException, InterruptedException {
    String head =
        "HTTP/1.1 "
            + status
            + "\r\ncontent-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n";
    byte[] response = (head + body).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer sending = ByteBuffer.allocateDirect(response.length).put(response).flip();
    if (fault.kind().equals("slow-body")) {
      sending.limit(response.length - body.length() / 2);
      channel.write(sending);
      fault.delayIf("slow-body");
      sending.limit(response.length);
    }
    channel.write(sending);
  }
}
