/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DestinationServicesTest {

  private static final DestinationService REVIEWS =
      new DestinationService("reviews.bookinfo.svc.cluster.local", "reviews", "bookinfo");
  private static final Workload REVIEWS_V1 =
      new Workload("Kubernetes", "bookinfo", "reviews-v1", "reviews", "v1");

  private final DestinationServices services = new DestinationServices();

  @Test
  void sourcesCluster_namesIt() {
    assertThat(ofCluster("outbound|9080|v2|reviews.bookinfo.svc.cluster.local")).isEqualTo(REVIEWS);
    assertThat(ofCluster("outbound|443||example.com"))
        .isEqualTo(new DestinationService("example.com", "example.com", "unknown"));
    assertThat(ofCluster("PassthroughCluster").name()).isEqualTo("PassthroughCluster");
    assertThat(ofCluster("")).isEqualTo(DestinationService.UNKNOWN);
  }

  @Test
  void sourcesCluster_standsAboveTheAuthority() {
    assertThat(
            services.of(
                outbound("outbound|9080||reviews.bookinfo.svc.cluster.local"),
                inbound("www.shop.example", ProxyType.SIDECAR)))
        .isEqualTo(REVIEWS);
  }

  @Test
  void authorityAlone_isBelievedWhereItNamesTheDestinationsCanonicalService() {
    DestinationService own = new DestinationService("reviews", "reviews", "bookinfo");
    assertThat(ofAuthority("reviews:9080")).isEqualTo(own);
    assertThat(ofAuthority("reviews.bookinfo")).isEqualTo(own);
    assertThat(ofAuthority("reviews.bookinfo.svc.cluster.local:9080")).isEqualTo(own);
  }

  @Test
  void authorityAlone_isBelievedWhereAClusterNamedTheService() {
    assertThat(ofAuthority("stars:80")).isEqualTo(DestinationService.UNKNOWN);
    DestinationService stars = ofCluster("outbound|80||stars.bookinfo.svc.cluster.local");
    assertThat(ofAuthority("stars:80")).isEqualTo(stars);
  }

  @Test
  void inventedAuthority_namesNothing() {
    assertThat(ofAuthority("reviews.elsewhere")).isEqualTo(DestinationService.UNKNOWN);
    assertThat(ofAuthority("10.1.2.3:9080")).isEqualTo(DestinationService.UNKNOWN);
    assertThat(ofAuthority("[::1]:9080")).isEqualTo(DestinationService.UNKNOWN);
    assertThat(ofAuthority("")).isEqualTo(DestinationService.UNKNOWN);
  }

  @Test
  void callFromOutsideToAGateway_namesNothing() {
    assertThat(services.of(null, inbound("reviews", ProxyType.GATEWAY)))
        .isEqualTo(DestinationService.UNKNOWN);
  }

  private DestinationService ofCluster(String cluster) {
    return services.of(outbound(cluster), null);
  }

  private DestinationService ofAuthority(String authority) {
    return services.of(null, inbound(authority, ProxyType.SIDECAR));
  }

  private static AccessLogEntry outbound(String cluster) {
    return entry(ProxyType.SIDECAR, TrafficDirection.OUTBOUND).upstreamCluster(cluster).build();
  }

  private static AccessLogEntry inbound(String authority, ProxyType type) {
    return entry(type, TrafficDirection.INBOUND).authority(authority).build();
  }

  private static AccessLogEntryBuilder entry(ProxyType type, TrafficDirection direction) {
    return AccessLogEntry.builder()
        .proxy(new Proxy("node", type, "10.0.0.1", REVIEWS_V1))
        .direction(direction)
        .downstreamRemote(TestCall.APP);
  }
}
