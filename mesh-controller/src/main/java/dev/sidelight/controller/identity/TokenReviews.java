/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.identity;

import static dev.sidelight.controller.identity.TokenRefusedException.Remedy.ANOTHER_TOKEN;
import static dev.sidelight.controller.identity.TokenRefusedException.Remedy.LATER;
import static dev.sidelight.controller.identity.TokenRefusedException.Remedy.NONE;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Asks the API server whose a token is: a ServiceAccount's, for our audience, bound to a pod and by
 * it to a node. Any thread.
 */
public final class TokenReviews {

  private static final String NODE_NAME = "authentication.kubernetes.io/node-name";

  /** Kubernetes' own ones have a kilobyte. */
  private static final int LONGEST = 8_192;

  // deps
  private final KubernetesClient client;
  private final String audience;
  private final String user;
  private final InstantSource clock;

  /**
   * Asks by this client.
   *
   * @param client stays the caller's to close
   * @param audience that a token must be for
   * @param serviceAccount whose it must be, NAMESPACE/NAME
   * @param clock tells only why a token was refused
   */
  public TokenReviews(
      KubernetesClient client, String audience, String serviceAccount, InstantSource clock) {
    this.client = client;
    this.audience = audience;
    this.user = "system:serviceaccount:" + serviceAccount.replace('/', ':');
    this.clock = clock;
  }

  /**
   * The node of the pod that a token was given to. Waits for the API server.
   *
   * @param token empty where there was none
   * @throws TokenRefusedException where it is not taken
   */
  public String node(String token) throws TokenRefusedException {
    if (token.isEmpty()) {
      throw new TokenRefusedException("no_token", ANOTHER_TOKEN, "the call carries no token");
    }
    if (token.length() > LONGEST) {
      throw new TokenRefusedException(
          "bad_token", ANOTHER_TOKEN, "a token of " + token.length() + " characters");
    }
    TokenReviewStatus status = review(token);
    if (!Boolean.TRUE.equals(status.getAuthenticated())
        || !orEmpty(status.getAudiences()).contains(audience)) {
      throw TokenClaims.of(token).whyRefused(audience, clock.instant());
    }
    UserInfo who = status.getUser();
    if (!user.equals(who.getUsername())) {
      throw new TokenRefusedException(
          "other_service_account", NONE, "the token is " + who.getUsername() + "'s, not " + user);
    }
    Map<String, List<String>> extra = Objects.requireNonNullElse(who.getExtra(), Map.of());
    List<String> nodes = orEmpty(extra.get(NODE_NAME));
    if (nodes.size() != 1) {
      throw new TokenRefusedException(
          "no_node",
          ANOTHER_TOKEN,
          "the token names no node: it is bound to no pod, or the API server is older than 1.30");
    }
    return nodes.get(0);
  }

  private TokenReviewStatus review(String token) throws TokenRefusedException {
    TokenReview question =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(audience)
            .endSpec()
            .build();
    try {
      TokenReview answer = client.tokenReviews().create(question);
      if (answer != null && answer.getStatus() != null) {
        return answer.getStatus();
      }
      throw failed("it answers without a status");
    } catch (KubernetesClientException e) {
      // Its message is the API server's, which repeats no token; the request is not in it.
      throw failed(e.getCode() == 0 ? "it cannot be reached" : "it answers " + e.getCode());
    }
  }

  private static TokenRefusedException failed(String how) {
    return new TokenRefusedException(
        "review_failed", LATER, "the API server did not review the token: " + how);
  }

  private static List<String> orEmpty(List<String> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
