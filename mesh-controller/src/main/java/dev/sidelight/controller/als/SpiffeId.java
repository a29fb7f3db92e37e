/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a workload is, as its certificate says in Istio.
 *
 * @param trustDomain of whoever issued it
 * @param namespace of the ServiceAccount
 * @param serviceAccount its name
 */
record SpiffeId(String trustDomain, String namespace, String serviceAccount) {

  private static final Pattern FORM = Pattern.compile("spiffe://([^/]+)/ns/([^/]+)/sa/([^/]+)");

  /**
   * Of a URI.
   *
   * @throws RefusedException where it is not in Istio's form
   */
  static SpiffeId parse(String uri) throws RefusedException {
    Matcher parts = FORM.matcher(uri);
    if (!parts.matches()) {
      throw CallerSource.unknown("\"" + uri + "\" is not spiffe://DOMAIN/ns/NAMESPACE/sa/NAME");
    }
    return new SpiffeId(parts.group(1), parts.group(2), parts.group(3));
  }
}
