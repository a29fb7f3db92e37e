/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The options of {@code mesh up} with which a test class wants its mesh; none without it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface MeshVariant {

  /** As on the command line. */
  String[] value();
}
