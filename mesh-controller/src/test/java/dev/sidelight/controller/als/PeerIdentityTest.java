/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.ProxyType;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import org.junit.jupiter.api.Test;

class PeerIdentityTest {

  private static final String CLUSTER = "outbound|9080|v1|reviews.bookinfo.svc.cluster.local";
  private static final String PRINCIPAL = "spiffe://cluster.local/ns/bookinfo/sa/reviews";
  private static final SocketAddress ADDRESS = new SocketAddress("10.77.0.13", 9080);
  private static final Workload REVIEWS = workload("bookinfo", "reviews-v1", "reviews", "v1");
  private static final Workload RATINGS = workload("bookinfo", "ratings-v1", "ratings", "v1");
  private static final Workload SHOP = workload("shop", "cart", "cart", "v1");

  private static final long NOW = 1_600_000_000_000_000_000L;

  private final PodNames pods = new PodNames();
  private final PeerIdentity identity = new PeerIdentity(pods);

  @Test
  void withoutEvidence_nobodyIsNamed() {
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(Workload.UNKNOWN);
    assertThat(upstream(Workload.UNKNOWN, "PassthroughCluster")).isEqualTo(Workload.UNKNOWN);
    assertThat(identity.upstream(Workload.UNKNOWN, "", "k", null, NOW)).isEqualTo(Workload.UNKNOWN);
    assertThat(identity.contradicted()).isEmpty();
  }

  @Test
  void certificate_namesTheNamespaceAlone() {
    assertThat(downstream(Workload.UNKNOWN, PRINCIPAL))
        .isEqualTo(new Workload("unknown", "bookinfo", "unknown", "unknown", "unknown"));
    assertThat(downstream(Workload.UNKNOWN, "spiffe://cluster.local/other"))
        .isEqualTo(Workload.UNKNOWN);
    assertThat(downstream(Workload.UNKNOWN, "https://a/ns/bookinfo/sa/reviews"))
        .isEqualTo(Workload.UNKNOWN);
  }

  @Test
  void cluster_namesServiceAndNamespace() {
    assertThat(upstream(Workload.UNKNOWN, CLUSTER))
        .isEqualTo(new Workload("k", "bookinfo", "unknown", "reviews", "v1"));
    assertThat(upstream(Workload.UNKNOWN, "outbound|443||example.com").app())
        .isEqualTo("example.com");
  }

  @Test
  void filterState_namesAll() {
    assertThat(downstream(REVIEWS, PRINCIPAL)).isEqualTo(REVIEWS);
    assertThat(upstream(REVIEWS, CLUSTER)).isEqualTo(REVIEWS);
    assertThat(identity.contradicted()).isEmpty();
  }

  @Test
  void pod_isTheLastResort() {
    pods.learn(ADDRESS.address(), REVIEWS);
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(REVIEWS);
    assertThat(downstream(Workload.UNKNOWN, PRINCIPAL)).isEqualTo(REVIEWS);
    assertThat(upstream(Workload.UNKNOWN, CLUSTER)).isEqualTo(REVIEWS);
    assertThat(identity.contradicted()).isEmpty();
  }

  @Test
  void filterStateOfAnotherNamespaceThanTheCertificate_isLeftOut() {
    assertThat(downstream(SHOP, PRINCIPAL).namespace()).isEqualTo("bookinfo");
    assertThat(identity.contradicted()).isEqualTo("filter_state");
    identity.clear();
    assertThat(identity.contradicted()).isEmpty();
    assertThat(upstream(SHOP, CLUSTER).app()).isEqualTo("reviews");
    assertThat(identity.contradicted()).isEqualTo("filter_state");
  }

  @Test
  void podOfAnotherWorkloadThanFilterState_isLeftOut() {
    pods.learn(ADDRESS.address(), RATINGS);
    assertThat(downstream(REVIEWS, PRINCIPAL)).isEqualTo(REVIEWS);
    assertThat(identity.contradicted()).isEqualTo("address");
  }

  @Test
  void podOfAnotherNamespaceThanTheCertificate_isLeftOut() {
    pods.learn(ADDRESS.address(), SHOP);
    assertThat(downstream(Workload.UNKNOWN, PRINCIPAL).workload()).isEqualTo("unknown");
    assertThat(identity.contradicted()).isEqualTo("address");
    identity.clear();
    assertThat(upstream(Workload.UNKNOWN, CLUSTER).app()).isEqualTo("reviews");
    assertThat(identity.contradicted()).isEqualTo("address");
  }

  @Test
  void proxies_nameTheirPods_butNotAZtunnel() {
    pods.learn(new Proxy("n", ProxyType.ZTUNNEL, ADDRESS.address(), REVIEWS));
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(Workload.UNKNOWN);
    pods.learn(new Proxy("n", ProxyType.SIDECAR, ADDRESS.address(), REVIEWS));
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(REVIEWS);
  }

  @Test
  void proxysWordOfItsPod_staysAboveAProbesOfTheSameWorkload() {
    Workload byProbe = new Workload("unknown", "bookinfo", "reviews-v1", "reviews", "v1");
    pods.learn(ADDRESS.address(), byProbe);
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(byProbe);
    pods.learn(new Proxy("n", ProxyType.SIDECAR, ADDRESS.address(), REVIEWS));
    pods.learn(ADDRESS.address(), byProbe);
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(REVIEWS);
    pods.learn(ADDRESS.address(), SHOP);
    assertThat(downstream(Workload.UNKNOWN, "")).isEqualTo(SHOP);
  }

  @Test
  void clustersWord_standsAboveWhatProxiesAndProbesTold() {
    PodNames named = new PodNames(new OneAddress(RATINGS));
    named.learn(ADDRESS.address(), REVIEWS);
    assertThat(named.at(ADDRESS, 1)).isEqualTo(RATINGS);
    PodNames nodes = new PodNames(new OneAddress(Workload.UNKNOWN));
    nodes.learn(ADDRESS.address(), REVIEWS);
    assertThat(nodes.at(ADDRESS, 1)).isEqualTo(Workload.UNKNOWN);
    PodNames other = new PodNames(new OneAddress(null));
    other.learn(ADDRESS.address(), REVIEWS);
    assertThat(other.at(ADDRESS, 1)).isEqualTo(REVIEWS);
  }

  @Test
  void proxyOfAPodThatTheClusterHas_isOfThatPodsWorkload() {
    PodNames named = new PodNames(new OneAddress(RATINGS));
    String id = "sidecar~" + ADDRESS.address() + "~the-pod.bookinfo~bookinfo.svc.cluster.local";
    Workload told = new Workload("k2", "bookinfo", "unknown", "reviews", "unknown");
    Proxy proxy = new Proxy(id, ProxyType.SIDECAR, ADDRESS.address(), told);
    assertThat(named.confirmed(proxy).workload())
        .isEqualTo(new Workload("k2", "bookinfo", "ratings-v1", "ratings", "v1"));
    Proxy elsewhere = new Proxy(id, ProxyType.SIDECAR, "10.77.0.99", told);
    assertThat(named.confirmed(elsewhere)).isEqualTo(elsewhere);
    assertThat(pods.confirmed(proxy)).isEqualTo(proxy);
  }

  /** The cluster has the pod bookinfo/the-pod at the one address that it tells of. */
  private record OneAddress(Workload workload) implements ClusterView {

    @Override
    public Workload at(SocketAddress address, long epochMillis) {
      return address.equals(ADDRESS) ? workload : null;
    }

    @Override
    public Workload pod(String namespace, String name, String address) {
      return namespace.equals("bookinfo")
              && name.equals("the-pod")
              && address.equals(ADDRESS.address())
          ? workload
          : null;
    }

    @Override
    public boolean observes(String namespace) {
      return true;
    }
  }

  private Workload downstream(Workload told, String principal) {
    return identity.downstream(told, principal, ADDRESS, NOW);
  }

  private Workload upstream(Workload told, String cluster) {
    return identity.upstream(told, cluster, "k", ADDRESS, NOW);
  }

  private static Workload workload(String namespace, String name, String app, String version) {
    return new Workload("k", namespace, name, app, version);
  }
}
