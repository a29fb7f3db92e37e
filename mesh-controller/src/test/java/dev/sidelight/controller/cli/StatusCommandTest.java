/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** What the golden's controller, which watches no cluster, cannot tell. */
final class StatusCommandTest {

  private static final String COMMAND =
      "kubectl -n team patch sidecar default --type json -p"
          + " '[{\"op\":\"add\",\"path\":\"/spec/egress/0/hosts/-\",\"value\":\"istio-system/sidelight\"}]'";

  private static JsonNode status(boolean information) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    return mapper
        .createObjectNode()
        .set(
            "problems",
            mapper
                .createArrayNode()
                .add(
                    mapper
                        .createObjectNode()
                        .put("code", "istio_sidecar_egress")
                        .put("message", "A Sidecar leaves the controller out.")
                        .put("fix", COMMAND)
                        .put("command", true)
                        .put("information", information)));
  }

  @Test
  void command_staysInOneLineToBeCopied() throws Exception {
    assertThat(new StatusCommand().lines(status(false), new Layout(60, false)))
        .contains("  Fix: " + COMMAND);
  }

  @Test
  void exitCode_isOneForAProblem_andNoneForInformation() throws Exception {
    assertThat(new StatusCommand().exitCode(status(false))).isEqualTo(1);
    assertThat(new StatusCommand().exitCode(status(true))).isZero();
  }
}
