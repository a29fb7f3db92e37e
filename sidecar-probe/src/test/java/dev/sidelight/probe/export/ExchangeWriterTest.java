/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sidelight.hop.v1.Exchange;
import dev.sidelight.hop.v1.ExchangeEnd;
import dev.sidelight.hop.v1.Role;
import dev.sidelight.probe.hop.HopExchange;
import org.junit.jupiter.api.Test;

class ExchangeWriterTest {

  @Test
  void pair_carriesBothEnds() throws InvalidProtocolBufferException {
    Exchange message = written(TestExchanges.pair(3));
    assertThat(message.getNetns()).isEqualTo(7);
    ExchangeEnd initiator = message.getInitiator();
    assertThat(initiator.getRole()).isEqualTo(Role.INITIATOR);
    assertThat(initiator.getExchangeIndex()).isEqualTo(3);
    assertThat(initiator.getRequestId()).isEqualTo("id-3");
    assertThat(initiator.getLocalAddress().size()).isEqualTo(4);
    assertThat(initiator.getSendEndPosition()).isEqualTo(4100);
    ExchangeEnd acceptor = message.getAcceptor();
    assertThat(acceptor.getRole()).isEqualTo(Role.ACCEPTOR);
    assertThat(acceptor.getStatus()).isEqualTo(200);
    assertThat(acceptor.getSupersedes()).isTrue();
    assertThat(acceptor.getProcess()).isEqualTo("python3.11");
    assertThat(acceptor.getReceiveEndPosition()).isEqualTo(4100);
  }

  @Test
  void single_lacksTheOtherEnd() throws InvalidProtocolBufferException {
    assertThat(written(TestExchanges.single(0)).hasAcceptor()).isFalse();
  }

  private static Exchange written(HopExchange exchange) throws InvalidProtocolBufferException {
    return Exchange.parseFrom(new ExchangeWriter().write(exchange));
  }
}
