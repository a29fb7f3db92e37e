/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;

/** Turns envoy.data.accesslog.v3.ResponseFlags into Envoy's short names. */
final class ResponseFlagNames {

  /** At the number of its field. */
  private static final String[] NAMES = {
    "", "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE",
    "DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE", "NC", "OM", "DF", "DR"
  };

  /** A message, where the other fields are bools. */
  private static final int UNAUTHORIZED_DETAILS = 13;

  private ResponseFlagNames() {}

  /** Comma separated in the order of the fields, "-" where none is set. */
  static String read(WireReader in) throws IOException {
    String names = "-";
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      boolean set = true;
      if (field == UNAUTHORIZED_DETAILS) {
        in.skip();
      } else {
        set = in.varint() != 0;
      }
      if (set) {
        String name = field < NAMES.length ? NAMES[field] : "F" + field;
        names = names.equals("-") ? name : names + "," + name;
      }
    }
    in.leave(outer);
    return names;
  }
}
