/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Accepts connections, each for a thread of its own. Settings come by environment: WORKLOAD,
 * POD_NAME, STAR_COLOR (empty: no ratings), RATINGS_HOSTNAME, FAULT_FILE, CALL_LOG, PORT.
 */
public final class ReviewsServer {
  private ReviewsServer() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws IOException {
    Map<String, String> environment = System.getenv();
    String workload = environment.getOrDefault("WORKLOAD", "reviews-v1");
    ReviewsPages pages =
        new ReviewsPages(
            environment.getOrDefault("POD_NAME", workload),
            environment.getOrDefault("STAR_COLOR", ""));
    RatingsClient ratings =
        new RatingsClient(environment.getOrDefault("RATINGS_HOSTNAME", "ratings"), 9080);
    FaultFile faults =
        new FaultFile(Path.of(environment.getOrDefault("FAULT_FILE", "/nonexistent")));
    CallLog log = new CallLog(Path.of(environment.getOrDefault("CALL_LOG", "/dev/null")), workload);
    int port = Integer.parseInt(environment.getOrDefault("PORT", "9080"));
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocketChannel listener =
        ServerSocketChannel.open().bind(new InetSocketAddress("0.0.0.0", port), 512)) {
      while (true) {
        SocketChannel channel = listener.accept();
        threads.execute(new ReviewsConnection(channel, pages, ratings, faults, log));
      }
    }
  }
}
