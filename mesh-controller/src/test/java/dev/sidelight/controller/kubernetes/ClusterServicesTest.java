/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterServicesTest {

  private final ClusterServices services = new ClusterServices();

  @Test
  void service_isFoundByNameAndByEachOfItsAddresses() {
    services.put(ServiceReader.read(service("s1", "reviews", "10.96.0.1", "FD00::1")));
    assertThat(services.named("bookinfo/reviews")).isPresent();
    assertThat(services.at("10.96.0.1").orElseThrow().name()).isEqualTo("reviews");
    assertThat(services.at("fd00::1").orElseThrow().isHeadless()).isFalse();
    services.remove("s1");
    assertThat(services.named("bookinfo/reviews")).isEmpty();
    assertThat(services.at("10.96.0.1")).isEmpty();
  }

  @Test
  void headlessService_hasNoAddress() {
    services.put(ServiceReader.read(service("s1", "mongodb", "None")));
    assertThat(services.named("bookinfo/mongodb").orElseThrow().isHeadless()).isTrue();
    assertThat(services.at("None")).isEmpty();
  }

  @Test
  void serviceMadeAnew_keepsNameAndAddressWhenTheOldOneGoes() {
    services.put(ServiceReader.read(service("s1", "reviews", "10.96.0.1")));
    services.put(ServiceReader.read(service("s2", "reviews", "10.96.0.1")));
    services.remove("s1");
    assertThat(services.at("10.96.0.1").orElseThrow().uid()).isEqualTo("s2");
    assertThat(services.named("bookinfo/reviews").orElseThrow().uid()).isEqualTo("s2");
  }

  @Test
  void slices_tellWhichServicesAPodServes_andWhoIsAtAnEndpoint() {
    services.put(ServiceReader.read(service("s1", "reviews", "10.96.0.1")));
    services.put(ServiceReader.read(service("s2", "reviews-all", "None")));
    services.put(ServiceReader.read(slice("e1", "reviews", "reviews-a", "10.0.0.1")));
    services.put(ServiceReader.read(slice("e2", "reviews-all", "reviews-a", "10.0.0.1")));
    services.put(ServiceReader.read(slice("e3", "reviews", "reviews-b", "10.0.0.2")));
    assertThat(names("bookinfo/reviews-a")).containsExactly("reviews", "reviews-all");
    assertThat(names("bookinfo/reviews-b")).containsExactly("reviews");
    assertThat(services.podAt("10.0.0.1", 9080)).contains("bookinfo/reviews-a");
    assertThat(services.podAt("10.0.0.1", 9081)).isEmpty();

    services.put(ServiceReader.read(slice("e1", "reviews", "reviews-c", "10.0.0.3")));
    services.removeSlice("e2");
    assertThat(names("bookinfo/reviews-a")).isEmpty();
    assertThat(names("bookinfo/reviews-c")).containsExactly("reviews");
    assertThat(services.podAt("10.0.0.1", 9080)).isEmpty();
    assertThat(services.podAt("10.0.0.3", 9080)).contains("bookinfo/reviews-c");
  }

  @Test
  void slicesOfAService_areAllOfItsOwn_withItsPortsByName() {
    services.put(ServiceReader.read(slice("e1", "reviews", "reviews-a", "10.0.0.1")));
    services.put(ServiceReader.read(slice("e2", "reviews", "reviews-b", "10.0.0.2")));
    services.put(ServiceReader.read(slice("e3", "ratings", "ratings-a", "10.0.0.3")));
    assertThat(services.slicesOf("bookinfo/reviews"))
        .allMatch(slice -> slice.ports().equals(Map.of("", 9080)))
        .flatMap(slice -> slice.podsByAddress().values())
        .containsExactlyInAnyOrder("bookinfo/reviews-a", "bookinfo/reviews-b");

    services.removeSlice("e1");
    services.removeSlice("e2");
    assertThat(services.slicesOf("bookinfo/reviews")).isEmpty();
  }

  @Test
  void portsOfAService_areThoseByTcp() {
    Service service = service("s1", "dns", "10.96.0.1");
    service
        .getSpec()
        .setPorts(
            List.of(
                new ServicePortBuilder().withName("udp").withProtocol("UDP").withPort(53).build(),
                new ServicePortBuilder()
                    .withName("secure")
                    .withAppProtocol("https")
                    .withPort(853)
                    .build()));
    assertThat(ServiceReader.read(service).ports())
        .containsExactly(new ClusterServicePort("secure", 853, "https"));
  }

  private List<String> names(String pod) {
    return services.of(pod).stream().map(ClusterService::name).toList();
  }

  private static Service service(String uid, String name, String... addresses) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withNamespace("bookinfo")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIPs(addresses)
        .endSpec()
        .build();
  }

  private static EndpointSlice slice(String uid, String service, String pod, String address) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withUid(uid)
        .withNamespace("bookinfo")
        .withName(service + "-" + uid)
        .addToLabels("kubernetes.io/service-name", service)
        .endMetadata()
        .addNewEndpoint()
        .withAddresses(address)
        .withNewTargetRef()
        .withKind("Pod")
        .withNamespace("bookinfo")
        .withName(pod)
        .endTargetRef()
        .endEndpoint()
        .addNewPort()
        .withPort(9080)
        .endPort()
        .build();
  }
}
