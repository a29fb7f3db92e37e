/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.metrics;

import dev.sidelight.controller.TestCalls;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.TcpLogEntry;
import dev.sidelight.correlator.TcpTraffic;
import dev.sidelight.correlator.TrafficDirection;
import dev.sidelight.correlator.Workload;

/** A TCP connection of bookinfo, as either proxy tells it. */
final class TestTraffic {

  private TestTraffic() {}

  /** From productpage, opened and ended: 160 bytes there, 9 back, in two seconds. */
  static TcpTraffic toReviews(boolean bySource) {
    Workload reporter = bySource ? TestCalls.PRODUCTPAGE : TestCalls.REVIEWS_V1;
    TcpLogEntry entry =
        new TcpLogEntry(
            new Proxy("node", ProxyType.SIDECAR, "10.0.0.1", reporter),
            bySource ? TrafficDirection.OUTBOUND : TrafficDirection.INBOUND,
            TcpLogEntry.Kind.END,
            "t-1",
            1_795_534_422_000_000_000L,
            2_000_000_000,
            null,
            null,
            bySource ? Workload.UNKNOWN : TestCalls.PRODUCTPAGE,
            bySource ? TestCalls.REVIEWS_V1 : Workload.UNKNOWN,
            bySource ? "outbound|9080||reviews.bookinfo.svc.cluster.local" : "inbound|9080||",
            bySource ? "" : "spiffe://cluster.local/ns/bookinfo/sa/productpage",
            bySource ? "" : "spiffe://cluster.local/ns/bookinfo/sa/reviews",
            "-",
            160,
            9);
    return new TcpTraffic(entry, true, true, 160, 9, 2_000_000_000);
  }
}
