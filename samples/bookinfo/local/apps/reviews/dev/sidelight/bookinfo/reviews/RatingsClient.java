/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Calls ratings over kept connections, each call on one of its own. Any thread may call. */
final class RatingsClient {
  private static final String UPLOAD_BODY = "{\"note\":\"sent in two halves\"}";

  private final String host;
  private final int port;
  private final ConcurrentLinkedDeque<RatingsConnection> idle = new ConcurrentLinkedDeque<>();

  RatingsClient(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /**
   * Calls once, and once more where a kept connection turned out to be closed; never throws for a
   * service that is away.
   *
   * @param product its id, and a query where there is one
   */
  RatingsResponse get(String product, Map<String, String> headers, Fault fault)
      throws InterruptedException {
    RatingsConnection kept = idle.pollFirst();
    if (kept != null) {
      try {
        return call(kept, product, headers, fault);
      } catch (IOException closed) {
        kept.close();
      }
    }
    try (RatingsConnection fresh = RatingsConnection.open(host, port)) {
      return call(fresh, product, headers, fault);
    } catch (IOException away) {
      return new RatingsResponse(0, "", 0, 0, true);
    }
  }

  private RatingsResponse call(
      RatingsConnection connection, String product, Map<String, String> headers, Fault fault)
      throws IOException, InterruptedException {
    boolean upload = fault.kind().equals("slow-upload");
    StringBuilder head = new StringBuilder(512);
    head.append(upload ? "POST" : "GET")
        .append(" /ratings/")
        .append(product)
        .append(" HTTP/1.1\r\n");
    head.append("host: ratings:").append(port).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (upload) {
      head.append("content-type: application/json\r\n");
      head.append("content-length: ").append(UPLOAD_BODY.length()).append("\r\n");
    }
    head.append("\r\n").append(upload ? UPLOAD_BODY : "");
    byte[] request = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    RatingsResponse response =
        connection.exchange(request, upload ? UPLOAD_BODY.length() / 2 : 0, fault);
    if (connection.isReusable()) {
      connection.keep();
      idle.addFirst(connection);
    }
    return response;
  }
}
