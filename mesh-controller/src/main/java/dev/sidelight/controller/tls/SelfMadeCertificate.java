/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.tls;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A certificate that is made here, where the Secret for it is empty, and again a month before it
 * expires. The Secret keeps it over restarts; a ConfigMap tells the authority to whoever connects.
 * A Secret that somebody else filled is taken as it is.
 */
public final class SelfMadeCertificate implements CertificateSource {

  /** Where it is kept. */
  public static final String SECRET = "sidelight-controller-tls";

  /** Where its authority is told. */
  public static final String CONFIG_MAP = "sidelight-ca";

  private static final String SERVICE = "sidelight-controller";

  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager("sidelight-controller")
          .build();

  // deps
  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;

  /**
   * In a namespace, the controller's own.
   *
   * @param client stays the caller's to close
   */
  public SelfMadeCertificate(KubernetesClient client, String namespace, InstantSource clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  @Override
  public ServerCertificate read() throws CertificateRefusedException {
    try {
      Resource<Secret> place = client.secrets().inNamespace(namespace).withName(SECRET);
      Secret secret = place.get();
      if (secret == null) {
        throw missing("Secret", SECRET);
      }
      Instant now = clock.instant();
      SelfMadeKeys keys = SelfMadeKeys.of(decoded(secret.getData()));
      if (keys.isForeign()) {
        return keys.certificate(now);
      }
      if (!keys.areGood(now)) {
        keys = keys.renewed(dnsNames(), now);
        place.patch(MERGE, merge(secret.getMetadata().getResourceVersion(), encoded(keys.data())));
      }
      tell(new String(keys.data().get(SelfMadeKeys.AUTHORITY), StandardCharsets.US_ASCII));
      return keys.certificate(now);
    } catch (KubernetesClientException e) {
      // The API server's own message may repeat what was sent to it.
      throw new CertificateRefusedException(
          "the API server "
              + (e.getCode() == 0 ? "cannot be reached" : "answers " + e.getCode())
              + " for "
              + namespace
              + "/"
              + SECRET
              + " or "
              + CONFIG_MAP);
    }
  }

  private List<String> dnsNames() {
    String name = SERVICE + "." + namespace + ".svc";
    return List.of(name, name + ".cluster.local", SERVICE + "." + namespace, SERVICE);
  }

  private void tell(String authorities) throws CertificateRefusedException {
    Resource<ConfigMap> place = client.configMaps().inNamespace(namespace).withName(CONFIG_MAP);
    ConfigMap told = place.get();
    if (told == null) {
      throw missing("ConfigMap", CONFIG_MAP);
    }
    Map<String, String> data = Objects.requireNonNullElse(told.getData(), Map.of());
    if (!authorities.equals(data.get(SelfMadeKeys.AUTHORITY))) {
      place.patch(
          MERGE,
          merge(
              told.getMetadata().getResourceVersion(),
              Map.of(SelfMadeKeys.AUTHORITY, authorities)));
    }
  }

  private CertificateRefusedException missing(String kind, String name) {
    return new CertificateRefusedException(
        "there is no "
            + kind
            + " "
            + namespace
            + "/"
            + name
            + "; the addon's manifest has an empty one");
  }

  /** With the version that was read, so that two controllers do not both win. */
  private static String merge(String resourceVersion, Map<String, String> data) {
    return new JsonObject()
        .put("metadata", new JsonObject().put("resourceVersion", resourceVersion))
        .put("data", new JsonObject(new HashMap<>(data)))
        .encode();
  }

  private static Map<String, byte[]> decoded(Map<String, String> data) {
    Map<String, byte[]> decoded = new HashMap<>();
    Objects.requireNonNullElse(data, Map.<String, String>of())
        .forEach((name, value) -> decoded.put(name, Base64.getDecoder().decode(value)));
    return decoded;
  }

  private static Map<String, String> encoded(Map<String, byte[]> data) {
    Map<String, String> encoded = new HashMap<>();
    data.forEach((name, value) -> encoded.put(name, Base64.getEncoder().encodeToString(value)));
    return encoded;
  }
}
