/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * What stands for one item of a list that is asked for again and again.
 *
 * @template T
 * @typedef {{root: HTMLElement, update: (item: T) => void}} Row
 */

/**
 * Children of an element, one an item, kept as long as their item is there: what has the focus or is being read stays.
 *
 * @template T
 */
export class Rows {
  /**
   * @param {HTMLElement} parent of rows alone
   * @param {(item: T) => string} keyOf
   * @param {(item: T) => Row<T>} create the row is updated at once
   */
  constructor(parent, keyOf, create) {
    this.parent = parent;
    this.keyOf = keyOf;
    this.create = create;
    /** @type {Map<string, Row<T>>} */
    this.rows = new Map();
  }

  /** @param {T[]} items in their order */
  update(items) {
    const keys = new Set(items.map(this.keyOf));
    this.rows.forEach((row, key) => {
      if (!keys.has(key)) {
        row.root.remove();
        this.rows.delete(key);
      }
    });
    let place = this.parent.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      const row = this.rows.get(key) ?? this.create(item);
      this.rows.set(key, row);
      row.update(item);
      if (row.root === place) {
        place = place.nextElementSibling;
      } else {
        this.parent.insertBefore(row.root, place);
      }
    }
  }
}
