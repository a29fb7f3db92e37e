/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.als;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One StreamAccessLogsMessage, cut into its parts, none of them read yet: an entry that cannot be
 * read then leaves the others readable.
 *
 * @param identifier null in all messages but a stream's first
 * @param httpEntries in their order
 * @param tcpEntries in their order
 */
record AccessLogMessage(
    WireReader identifier, List<WireReader> httpEntries, List<WireReader> tcpEntries) {

  private static final int IDENTIFIER = 1;
  private static final int HTTP_LOGS = 2;
  private static final int TCP_LOGS = 3;
  private static final int LOG_ENTRY = 1;

  /**
   * Cuts it.
   *
   * @throws IOException where the bytes are no such message
   */
  static AccessLogMessage cut(byte[] message, StringPool pool) throws IOException {
    WireReader identifier = null;
    List<WireReader> httpEntries = new ArrayList<>();
    List<WireReader> tcpEntries = new ArrayList<>();
    WireReader in = new WireReader(message, 0, message.length, pool);
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case IDENTIFIER -> identifier = in.slice();
        case HTTP_LOGS -> cutEntries(in, httpEntries);
        case TCP_LOGS -> cutEntries(in, tcpEntries);
        default -> in.skip();
      }
    }
    return new AccessLogMessage(identifier, httpEntries, tcpEntries);
  }

  private static void cutEntries(WireReader in, List<WireReader> entries) throws IOException {
    int outer = in.enter();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      if (field == LOG_ENTRY) {
        entries.add(in.slice());
      } else {
        in.skip();
      }
    }
    in.leave(outer);
  }

  int entries() {
    return httpEntries.size() + tcpEntries.size();
  }
}
