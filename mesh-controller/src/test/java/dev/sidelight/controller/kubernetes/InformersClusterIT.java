/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ListVisitFromServerGetDeleteRecreateWaitApplicable;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cluster by a real API server, with the real controllers of Deployments, Jobs and the like.
 */
final class InformersClusterIT {

  private static final String NAMESPACE = "sidelight-informers";
  private static final String OTHER_NAMESPACE = "sidelight-informers-other";
  private static final String SELECTOR = "sidelight-informers=on";

  /** Its rights are all that watching needs. */
  private static final String WATCHER = "watcher";

  private static KubernetesClient client;
  private static TestNamespace namespace;
  private static KubernetesClient watcher;
  private static Cluster cluster;
  private static final AtomicInteger NAMESPACES_CHANGED = new AtomicInteger();

  @BeforeAll
  static void watchAClusterWithWorkloads() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    client = KubernetesApi.client();
    namespace = TestNamespace.create(client, NAMESPACE, Map.of("sidelight-informers", "on"));
    load("workloads.yaml").create();
    load("watcher.yaml").create();
    watcher = account(WATCHER);
    cluster = new Cluster(watcher, SELECTOR, System::currentTimeMillis);
    cluster.onNamespacesChanged(NAMESPACES_CHANGED::incrementAndGet);
    cluster.start();
    await().until(cluster::isSynced);
  }

  @AfterAll
  static void removeAll() throws Exception {
    cluster.close();
    watcher.close();
    load("watcher.yaml").delete();
    namespace.close();
    client.namespaces().withName(OTHER_NAMESPACE).delete();
    client.close();
    Awaitility.reset();
  }

  private static ListVisitFromServerGetDeleteRecreateWaitApplicable<HasMetadata> load(
      String resource) {
    return client
        .load(InformersClusterIT.class.getResourceAsStream(resource))
        .inNamespace(NAMESPACE);
  }

  private static KubernetesClient account(String name) throws Exception {
    String kubeconfig = ControlPlane.mesh("kubeconfig", NAMESPACE + "/" + name);
    return KubernetesApi.client(Config.fromKubeconfig(new File(kubeconfig)));
  }

  @Test
  void podsOfEachKindOfWorkload_areNamedByIt() {
    assertOwner("deployed", "Deployment");
    assertOwner("stateful", "StatefulSet");
    assertOwner("on-each-node", "DaemonSet");
    assertOwner("rolled-out", "Rollout");
    assertOwner("once", "Job");
    assertOwner("bare", "Pod");
    ClusterPod deployed = podOf("deployed").orElseThrow();
    assertThat(deployed.workload().app()).isEqualTo("the-app");
    assertThat(deployed.workload().version()).isEqualTo("v1");
    assertThat(deployed.serviceAccount()).isEqualTo("default");
    assertThat(deployed.node()).startsWith("kwok-");
    assertThat(podOf("bare").orElseThrow().workload().version()).isEqualTo("latest");
  }

  private static void assertOwner(String workload, String kind) {
    ClusterPod pod =
        await("a pod of " + workload)
            .until(() -> podOf(workload), Optional::isPresent)
            .orElseThrow();
    assertThat(pod.workloadKind()).as(workload).isEqualTo(kind);
    // A Job's pod has ended at once, and with it its hold of the address.
    if (!pod.ended()) {
      String address = pod.addresses().get(0);
      assertThat(cluster.podAt(address, System.currentTimeMillis())).contains(pod);
      assertThat(cluster.knows(address)).isTrue();
    }
    assertThat(cluster.podOfUid(pod.uid())).contains(pod);
    assertThat(cluster.pod(NAMESPACE, pod.name())).contains(pod);
  }

  /** The first by name that has an address. */
  private static Optional<ClusterPod> podOf(String workload) {
    return cluster.pods().stream()
        .filter(pod -> pod.namespace().equals(NAMESPACE) && !pod.addresses().isEmpty())
        .filter(pod -> pod.workload().workload().equals(workload))
        .findFirst();
  }

  @Test
  void services_areFoundByAddressAndByPod_headlessOnesToo() {
    await()
        .until(
            () ->
                podOf("deployed").map(InformersClusterIT::services).orElse(List.of()).size() == 2);
    assertThat(services(podOf("deployed").orElseThrow()))
        .containsExactly("deployed", "deployed-all");
    ClusterService service = cluster.service(NAMESPACE, "deployed").orElseThrow();
    assertThat(cluster.serviceAt(service.addresses().get(0))).contains(service);
    assertThat(cluster.service(NAMESPACE, "deployed-all").orElseThrow().isHeadless()).isTrue();
  }

  private static List<String> services(ClusterPod pod) {
    return cluster.servicesOf(pod).stream().map(ClusterService::name).toList();
  }

  @Test
  void podInItsNodesNetwork_isFoundByThePortThatItServes() {
    ClusterPod pod =
        await("a pod of in-nodes-network")
            .until(() -> podOf("in-nodes-network"), Optional::isPresent)
            .orElseThrow();
    String address = pod.addresses().get(0);
    assertThat(cluster.nodeAt(address)).isPresent();
    assertThat(cluster.podAt(address, System.currentTimeMillis())).isEmpty();
    await().until(() -> cluster.podServingAt(address, 8443).isPresent());
    assertThat(cluster.podServingAt(address, 8443)).contains(pod);
    assertThat(cluster.podServingAt(address, 10250)).isEmpty();
  }

  @Test
  void addressUsedAgain_isTheNewPods_andTheOldOnesForOlderCalls() {
    String address = "10.244.200.7";
    running("before", address);
    await().until(() -> nameAt(address, System.currentTimeMillis()).equals("before"));
    long before = System.currentTimeMillis();
    client.pods().inNamespace(NAMESPACE).withName("before").withGracePeriod(0).delete();
    await().until(() -> cluster.pod(NAMESPACE, "before").isEmpty());
    assertThat(nameAt(address, before)).isEqualTo("before");
    running("after", address);
    await().until(() -> nameAt(address, System.currentTimeMillis()).equals("after"));
    assertThat(nameAt(address, before)).isEqualTo("before");
  }

  private static String nameAt(String address, long epochMillis) {
    return cluster.podAt(address, epochMillis).map(ClusterPod::name).orElse("");
  }

  /** A pod that nobody runs, which says that it does at that address. */
  private static void running(String name, String address) {
    namespace.running(name, address, WATCHER, Map.of());
  }

  @Test
  void namespacesThatTheSelectorSelects_areObserved() {
    assertThat(cluster.observes(NAMESPACE)).isTrue();
    assertThat(cluster.observes("default")).isFalse();
    int changes = NAMESPACES_CHANGED.get();
    TestNamespace.create(client, OTHER_NAMESPACE, Map.of());
    label(OTHER_NAMESPACE, "on");
    await().until(() -> cluster.observes(OTHER_NAMESPACE));
    assertThat(cluster.observedNamespaces()).containsExactly(NAMESPACE, OTHER_NAMESPACE);
    label(OTHER_NAMESPACE, "off");
    await().until(() -> !cluster.observes(OTHER_NAMESPACE));
    assertThat(NAMESPACES_CHANGED.get()).isEqualTo(changes + 2);
    try (Cluster all = new Cluster(client, "", System::currentTimeMillis)) {
      assertThat(all.observes("default")).isTrue();
    }
  }

  private static void label(String namespace, String value) {
    client
        .namespaces()
        .withName(namespace)
        .edit(
            before ->
                new NamespaceBuilder(before)
                    .editMetadata()
                    .addToLabels("sidelight-informers", value)
                    .endMetadata()
                    .build());
  }

  @Test
  void apiServerThatRestarts_isWatchedAgain_andWhatWasKnownStays() throws Exception {
    running("stays", "10.244.200.8");
    running("goes", "10.244.200.9");
    await().until(() -> nameAt("10.244.200.9", System.currentTimeMillis()).equals("goes"));
    ControlPlane.mesh("kill", "kube-apiserver");
    try {
      await().until(() -> cluster.watches().stream().noneMatch(WatchState::watching));
      assertThat(nameAt("10.244.200.8", System.currentTimeMillis())).isEqualTo("stays");
      assertThat(cluster.isSynced()).isTrue();
    } finally {
      ControlPlane.mesh("start", "kube-apiserver");
    }
    client.pods().inNamespace(NAMESPACE).withName("goes").withGracePeriod(0).delete();
    running("comes", "10.244.200.10");
    assertWatched("comes", "10.244.200.10");
    assertThat(cluster.pod(NAMESPACE, "goes")).isEmpty();
  }

  @Test
  void watchThatExpires_beginsAgainWithAList() throws Exception {
    running("expired", "10.244.200.11");
    await().until(() -> nameAt("10.244.200.11", System.currentTimeMillis()).equals("expired"));
    long lists = lists("pods");
    ControlPlane.mesh("compact");
    ControlPlane.mesh("restart", "kube-apiserver");
    running("later", "10.244.200.12");
    assertWatched("later", "10.244.200.12");
    await().until(() -> lists("pods") > lists);
    assertThat(nameAt("10.244.200.11", System.currentTimeMillis())).isEqualTo("expired");
  }

  /** How often the watcher has listed that kind, by the API server's own account. */
  private static long lists(String kind) throws IOException {
    try (Stream<String> calls = Files.lines(ControlPlane.audit())) {
      return calls
          .filter(call -> call.contains(":" + NAMESPACE + ":" + WATCHER + "\""))
          .filter(call -> call.contains("\"verb\":\"list\""))
          .filter(call -> call.contains("\"resource\":\"" + kind + "\""))
          .count();
    }
  }

  private static void assertWatched(String name, String address) {
    await().until(() -> nameAt(address, System.currentTimeMillis()).equals(name));
    await().until(() -> cluster.watches().stream().allMatch(WatchState::watching));
    assertThat(cluster.watches()).allMatch(watch -> watch.complaint().isEmpty());
  }

  @Test
  void accountWithoutRights_isToldWhatItLacks() throws Exception {
    try (KubernetesClient nobody = account("default");
        Cluster forbidden = new Cluster(nobody, "", System::currentTimeMillis)) {
      forbidden.start();
      await()
          .until(
              () -> forbidden.watches().stream().noneMatch(watch -> watch.complaint().isEmpty()));
      assertThat(forbidden.isSynced()).isFalse();
      assertThat(forbidden.watches())
          .extracting(WatchState::complaint)
          .contains(
              "forbidden: the ServiceAccount needs list and watch on pods",
              "forbidden: the ServiceAccount needs list and watch on namespaces");
      assertThat(forbidden.watches()).allMatch(watch -> watch.failures() > 0);
    }
  }

  @Test
  void tokenThatIsReplaced_isReadAnew(@TempDir Path directory) throws Exception {
    Path token = directory.resolve("token");
    running("token-holder", "10.244.200.13");
    Files.writeString(token, token("token-holder"));
    Map<String, String> pod =
        Map.of(
            Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false",
            Config.KUBERNETES_SERVICE_HOST_PROPERTY, client.getMasterUrl().getHost(),
            Config.KUBERNETES_SERVICE_PORT_PROPERTY, "" + client.getMasterUrl().getPort(),
            Config.KUBERNETES_CA_CERTIFICATE_FILE_SYSTEM_PROPERTY,
                client.getConfiguration().getCaCertFile(),
            Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY, token.toString());
    pod.forEach(System::setProperty);
    try (KubernetesClient inPod = KubernetesApi.client()) {
      assertThat(inPod.nodes().list().getItems()).isNotEmpty();
      // A token is good for as long as the pod that it was made for is there.
      client.pods().inNamespace(NAMESPACE).withName("token-holder").withGracePeriod(0).delete();
      await().until(() -> isRefused(inPod));
      running("token-holder", "10.244.200.13");
      Files.writeString(token, token("token-holder"));
      assertThat(inPod.nodes().list().getItems()).isNotEmpty();
    } finally {
      pod.keySet().forEach(System::clearProperty);
    }
  }

  private static boolean isRefused(KubernetesClient account) {
    try {
      account.nodes().list();
      return false;
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
    }
  }

  /** A token of the watcher that is bound to a pod. */
  private static String token(String pod) {
    return client
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(WATCHER)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withNewBoundObjectRef()
                .withKind("Pod")
                .withApiVersion("v1")
                .withName(pod)
                .endBoundObjectRef()
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }
}
