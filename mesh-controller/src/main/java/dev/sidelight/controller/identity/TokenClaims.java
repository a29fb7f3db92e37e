/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;

/**
 * What a token says of itself, which nobody has checked: it explains a refusal, and decides
 * nothing.
 */
final class TokenClaims {

  private static final ObjectMapper JSON = new ObjectMapper();

  // state
  private final JsonNode claims;

  private TokenClaims(JsonNode claims) {
    this.claims = claims;
  }

  /** Of a token that is no JSON web token there are none. */
  static TokenClaims of(String token) {
    String[] parts = token.split("\\.", -1);
    try {
      return new TokenClaims(
          parts.length == 3
              ? JSON.readTree(Base64.getUrlDecoder().decode(parts[1]))
              : MissingNode.getInstance());
    } catch (IOException | IllegalArgumentException e) {
      return new TokenClaims(MissingNode.getInstance());
    }
  }

  TokenRefusedException whyRefused(String audience, Instant now) {
    JsonNode expires = claims.path("exp");
    if (expires.isNumber() && expires.asLong() <= now.getEpochSecond()) {
      return refused("expired_token", "the token has expired");
    }
    JsonNode audiences = claims.path("aud");
    if (!audiences.isMissingNode() && !isFor(audiences, audience)) {
      return refused("wrong_audience", "the token is not for the audience " + audience);
    }
    return refused("bad_token", "the API server does not know the token");
  }

  private static boolean isFor(JsonNode audiences, String audience) {
    if (audiences.isTextual()) {
      return audiences.asText().equals(audience);
    }
    for (JsonNode one : audiences) {
      if (one.asText().equals(audience)) {
        return true;
      }
    }
    return false;
  }

  private static TokenRefusedException refused(String reason, String message) {
    return new TokenRefusedException(reason, TokenRefusedException.Remedy.ANOTHER_TOKEN, message);
  }
}
