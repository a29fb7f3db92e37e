/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.profile;

import java.util.List;
import java.util.Set;

/**
 * One exchange, as an end in the pod saw it.
 *
 * @param why slow, clientError or serverError
 * @param epochMillis when it began
 * @param durationNanos first to last byte
 * @param process owner's executable
 * @param role client or server
 * @param path a template
 * @param headersTruncated there were more headers
 */
record Sample(
    String why,
    long epochMillis,
    long durationNanos,
    String process,
    String role,
    String protocol,
    String method,
    String path,
    int status,
    String requestId,
    List<Header> requestHeaders,
    List<Header> responseHeaders,
    boolean headersTruncated) {

  private static final int BYTES = 300;
  private static final int HEADER_BYTES = 120;

  /** Copies the headers. */
  Sample {
    requestHeaders = List.copyOf(requestHeaders);
    responseHeaders = List.copyOf(responseHeaders);
  }

  /** A header; its value is null where it was not told. */
  record Header(String name, String value) {

    private int bytes() {
      return HEADER_BYTES + name.length() + (value == null ? 0 : value.length());
    }
  }

  /** Without the values of headers that are not allowed. */
  Sample withValuesOf(Set<String> allowed) {
    return new Sample(
        why,
        epochMillis,
        durationNanos,
        process,
        role,
        protocol,
        method,
        path,
        status,
        requestId,
        without(requestHeaders, allowed),
        without(responseHeaders, allowed),
        headersTruncated);
  }

  private static List<Header> without(List<Header> headers, Set<String> allowed) {
    return headers.stream()
        .map(header -> allowed.contains(header.name()) ? header : new Header(header.name(), null))
        .toList();
  }

  /** Values that are told. */
  long valueCount() {
    return requestHeaders.stream().filter(header -> header.value() != null).count()
        + responseHeaders.stream().filter(header -> header.value() != null).count();
  }

  /** Heap, estimated. */
  int bytes() {
    int bytes = BYTES + path.length() + requestId.length() + method.length();
    bytes += requestHeaders.stream().mapToInt(Header::bytes).sum();
    return bytes + responseHeaders.stream().mapToInt(Header::bytes).sum();
  }
}
