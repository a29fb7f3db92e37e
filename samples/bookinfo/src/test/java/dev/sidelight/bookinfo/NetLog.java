/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Chromium's network stack did from its start to its end, as it wrote it with {@code
 * --log-net-log}: that of the browser itself too, not of pages alone.
 *
 * @param connected addresses to which a TCP connection was tried
 * @param datagrams how many were sent
 * @param lookUps names that were asked for
 * @param askedByPages URLs that a document or a script of one asked for
 */
record NetLog(Set<String> connected, int datagrams, Set<String> lookUps, Set<String> askedByPages) {

  /** Reads the log of a browser that has ended. */
  static NetLog read(Path file) throws IOException {
    JsonNode log = new ObjectMapper().readTree(file.toFile());
    JsonNode types = log.at("/constants/logEventTypes");
    int connecting = types.get("TCP_CONNECT_ATTEMPT").asInt();
    int datagram = types.get("UDP_BYTES_SENT").asInt();
    int lookUp = types.get("HOST_RESOLVER_MANAGER_JOB").asInt();
    int request = types.get("URL_REQUEST_START_JOB").asInt();
    Set<String> connected = new TreeSet<>();
    Set<String> lookUps = new TreeSet<>();
    Set<String> askedByPages = new TreeSet<>();
    int datagrams = 0;
    for (JsonNode event : log.get("events")) {
      int type = event.get("type").asInt();
      JsonNode parameters = event.path("params");
      if (type == connecting && parameters.has("address")) {
        connected.add(parameters.get("address").asText());
      } else if (type == datagram) {
        datagrams++;
      } else if (type == lookUp && parameters.has("host")) {
        lookUps.add(parameters.get("host").asText());
      } else if (type == request && isOfPage(parameters)) {
        askedByPages.add(parameters.get("url").asText());
      }
    }
    return new NetLog(connected, datagrams, lookUps, askedByPages);
  }

  /** The browser's own have no origin that they began at. */
  private static boolean isOfPage(JsonNode parameters) {
    return parameters.path("initiator").asText().startsWith("http");
  }
}
