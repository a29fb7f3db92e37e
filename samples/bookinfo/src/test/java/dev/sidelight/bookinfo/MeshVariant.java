/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a test class wants its mesh brought up; without it, as {@code mesh up} does by itself. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface MeshVariant {

  /** Options, as on the command line. */
  String[] value() default {};

  /** Variables of the environment, {@code NAME=VALUE}: settings of controller and probe. */
  String[] environment() default {};

  /** The test has no mesh, or one that it brings up itself: two at once would see each other. */
  boolean absent() default false;
}
