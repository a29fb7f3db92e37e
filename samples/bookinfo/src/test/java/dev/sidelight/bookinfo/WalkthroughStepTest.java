/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidelight.bookinfo.WalkthroughStep.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a page is executed, and which outputs are what it says. */
class WalkthroughStepTest {

  private static final List<String> PAGE =
      """
      # Title
      ```console
      $ before
      ```
      ## Here
      ```
      not executed
      ```
      ```console
      $ first '
      >     second'
      said  1.5 ms of reviews-v3
      ...
      the end 20%
      $ third
      ```
      ```page
      http://127.0.0.1/
      A text of 3 ms
      ```
      ## There
      ```console
      $ after
      ```
      """
          .lines()
          .toList();

  @Test
  void section_givesItsCommandsAndAddresses() {
    List<WalkthroughStep> steps = WalkthroughStep.of(PAGE, "## Here");
    assertThat(steps).extracting(WalkthroughStep::line).containsExactly(10, 15, 18);
    assertThat(steps)
        .extracting(WalkthroughStep::kind)
        .containsExactly(Kind.COMMAND, Kind.COMMAND, Kind.PAGE);
    assertThat(steps)
        .extracting(WalkthroughStep::input)
        .containsExactly("first '\n    second'", "third", "http://127.0.0.1/");
    assertThat(steps.get(2).expected()).containsExactly("A text of 3 ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "said  1.5 ms of reviews-v3\nthe end 20%\n",
        "   said 870 µs   of reviews-v3\nand\nmore\nthe end 100.0%  \n",
      })
  void outputsThatDifferInFigures_match(String output) {
    assertThat(first().output().matcher(output).matches()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "said 1.5 ms of reviews-v2\nthe end 20%\n",
        "said nothing of reviews-v3\nthe end 20%\n",
        "said 1.5 ms of reviews-v3\nthe end 20\n",
        "said 1.5 ms of reviews-v3\nthe end 20%\nand more\n",
      })
  void outputsThatDifferInWords_doNotMatch(String output) {
    assertThat(first().output().matcher(output).matches()).isFalse();
  }

  @Test
  void commandWithoutOutput_mustNotPrint() {
    WalkthroughStep silent = WalkthroughStep.of(PAGE, "## Here").get(1);
    assertThat(silent.output().matcher("").matches()).isTrue();
    assertThat(silent.output().matcher("something\n").matches()).isFalse();
  }

  private static WalkthroughStep first() {
    return WalkthroughStep.of(PAGE, "## Here").get(0);
  }
}
