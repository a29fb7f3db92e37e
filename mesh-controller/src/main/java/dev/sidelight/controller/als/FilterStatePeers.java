/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import dev.sidelight.correlator.Workload;
import java.io.IOException;

/**
 * Reads an entry's filter_state_objects: the peers as Istio's filters have left them there. Since
 * Istio 1.24 they are {@code upstream_peer} and {@code downstream_peer}, a Struct each; before, the
 * same names behind {@code wasm.}, a FlatBuffer in a BytesValue. One thread, one entry at a time.
 */
final class FilterStatePeers {

  private static final String TYPES = "type.googleapis.com/google.protobuf.";
  private static final String STRUCT = TYPES + "Struct";
  private static final String BYTES_VALUE = TYPES + "BytesValue";

  // deps
  private final PeerStruct struct = new PeerStruct();
  private final WorkloadPool pool = new WorkloadPool();

  // state
  private Workload downstream;
  private Workload upstream;
  private boolean unknownAny;
  private boolean unreadable;

  FilterStatePeers() {
    clear();
  }

  void clear() {
    downstream = Workload.UNKNOWN;
    upstream = Workload.UNKNOWN;
    unknownAny = false;
    unreadable = false;
  }

  /** Reads one entry of the map. */
  void read(WireReader in) throws IOException {
    String key = "";
    WireReader object = null;
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> key = in.pooledString();
        case 2 -> object = in.slice();
        default -> in.skip();
      }
    }
    in.leave(outer);
    if (object != null) {
      readObject(key, object);
    }
  }

  private void readObject(String key, WireReader any) throws IOException {
    String typeUrl = "";
    WireReader value = null;
    for (int field = any.nextField(); field != 0; field = any.nextField()) {
      switch (field) {
        case 1 -> typeUrl = any.pooledString();
        case 2 -> value = any.slice();
        default -> any.skip();
      }
    }
    // Types of google.protobuf are what Envoy's own filters put there; all others are news to us.
    unknownAny |= !typeUrl.startsWith(TYPES);
    switch (key) {
      // Both names may be there, for older readers; they say the same.
      case "downstream_peer", "wasm.downstream_peer" ->
          downstream = peer(typeUrl, value, downstream);
      case "upstream_peer", "wasm.upstream_peer" -> upstream = peer(typeUrl, value, upstream);
      default -> {
        // Somebody else's object.
      }
    }
  }

  private Workload peer(String typeUrl, WireReader value, Workload known) {
    if (value == null || !known.equals(Workload.UNKNOWN)) {
      return known;
    }
    try {
      return switch (typeUrl) {
        case STRUCT -> pool.get(struct.read(value));
        case BYTES_VALUE -> pool.get(flatBuffer(value));
        default -> known;
      };
    } catch (IOException e) {
      // The entry is good without it.
      unreadable = true;
      return known;
    }
  }

  private static Workload flatBuffer(WireReader bytesValue) throws IOException {
    Workload peer = Workload.UNKNOWN;
    for (int field = bytesValue.nextField(); field != 0; field = bytesValue.nextField()) {
      if (field == 1) {
        peer = PeerFlatBuffer.read(bytesValue.message());
      } else {
        bytesValue.skip();
      }
    }
    return peer;
  }

  Workload downstream() {
    return downstream;
  }

  Workload upstream() {
    return upstream;
  }

  /** Whether there was an object of a type that we do not know. */
  boolean unknownAny() {
    return unknownAny;
  }

  /** Whether a peer was not what its type says. */
  boolean unreadable() {
    return unreadable;
  }
}
