/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.AccessLogEntry;
import dev.sidelight.correlator.Proxy;
import dev.sidelight.correlator.SocketAddress;
import dev.sidelight.correlator.Workload;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Entries as a line of text each, without what is absent in them. */
final class EntryText {

  private EntryText() {}

  /** All of it. */
  static String full(Record entry) {
    return text(entry, false);
  }

  /** What two recordings of the same case have in common: of times, ports and ids only whether. */
  static String shape(Record entry) {
    return text(entry, true);
  }

  private static String text(Record entry, boolean shape) {
    List<String> parts = new ArrayList<>();
    parts.add(entry.getClass().getSimpleName());
    for (RecordComponent component : entry.getClass().getRecordComponents()) {
      String value = value(component, entry, shape);
      if (!value.isEmpty()) {
        parts.add(component.getName() + "=" + value);
      }
    }
    return String.join(" ", parts);
  }

  private static String value(RecordComponent component, Record entry, boolean shape) {
    Object value;
    try {
      value = component.getAccessor().invoke(entry);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component.getName(), e);
    }
    if (value == null || value.equals(Workload.UNKNOWN) || value.equals(AccessLogEntry.ABSENT)) {
      return "";
    }
    return switch (component.getName()) {
      case "proxy" -> ((Proxy) value).type().toString();
      case "requestId", "streamId" -> shape && !value.equals("") ? "set" : value.toString();
      case "bytesReceived", "bytesSent" -> shape ? "" : value.toString();
      default -> {
        if (value instanceof Long) {
          yield shape ? "set" : value.toString();
        }
        if (value instanceof SocketAddress address) {
          yield address.address() + (shape ? "" : ":" + address.port());
        }
        if (value instanceof Workload workload) {
          yield workload.namespace() + "/" + workload.workload() + "/" + workload.app();
        }
        yield value.toString();
      }
    };
  }
}
