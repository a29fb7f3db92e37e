/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.controller.bench;

import java.util.List;

/** One thing that is measured. */
interface Part {

  /** Measures it, on a machine that does nothing else. */
  List<Figure> measure() throws Exception;
}
