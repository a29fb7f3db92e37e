/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MappedLibraryTest {

  @Test
  void libraryInSeveralMappings_isOne() {
    assertThat(
            MappedLibrary.of(
                List.of(
                    "7f00-7f01 r--p 00000000 fe:00 123                 /usr/lib/libssl.so.3",
                    "7f01-7f02 r-xp 0001e000 fe:00 123                 /usr/lib/libssl.so.3",
                    "7f02-7f03 r-xp 00000000 fe:00 124                 /usr/lib/libcrypto.so.3")))
        .containsExactly(new MappedLibrary("fe:00:123", "/usr/lib/libssl.so.3"));
  }

  @Test
  void nameWithinAWheel_isALibrary() {
    assertThat(
            MappedLibrary.of(
                List.of("7f00-7f01 r-xp 00000000 fe:00 9 /a b/libssl-3a880ada.so.1.1")))
        .containsExactly(new MappedLibrary("fe:00:9", "/a b/libssl-3a880ada.so.1.1"));
  }

  @Test
  void whatOnlyNamesOpenSsl_isNone() {
    assertThat(
            MappedLibrary.of(
                List.of(
                    "7f00-7f01 r--p 00000000 fe:00 7 /var/cache/libssl.so.3.cache",
                    "7f00-7f01 r--p 00000000 fe:00 8 /usr/lib/libssl.so.3 (deleted)",
                    "7f00-7f01 rw-p 00000000 00:00 0 ",
                    "libssl")))
        .isEmpty();
  }

  @Test
  void pathFromAnotherRoot_isThatBelowTheProcesss() {
    MappedLibrary chrooted = new MappedLibrary("fe:00:1", "/srv/fresh/usr/lib/libssl.so.3");
    assertThat(chrooted.pathBelow("/srv/fresh")).isEqualTo("/usr/lib/libssl.so.3");
    MappedLibrary contained = new MappedLibrary("fe:00:1", "/usr/lib/libssl.so.3");
    assertThat(contained.pathBelow("/")).isEqualTo("/usr/lib/libssl.so.3");
    assertThat(contained.pathBelow("/usr/li")).isEqualTo("/usr/lib/libssl.so.3");
  }
}
