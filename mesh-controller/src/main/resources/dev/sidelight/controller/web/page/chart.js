/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {h, replace, s} from './dom.js';
import {ABSENT, clock} from './format.js';

const LEFT = 58;
const TOP = 6;
const BOTTOM = 16;

/**
 * What a chart shows: a line by time, or a layer of stacked columns.
 *
 * @typedef {object} Series
 * @property {string} label
 * @property {string} color a custom property such as --sidecar
 * @property {[number, number | undefined][]} points epoch milliseconds and value, by time; undefined is a gap
 */

/** A small chart over time: lines or stacked columns, with the figures of the place that the pointer, or the arrow keys, are at. */
export class Chart {
  /**
   * @param {object} options
   * @param {string} options.label what a screen reader says it is
   * @param {(value: number | undefined) => string} options.format
   * @param {boolean} [options.stacked] columns, one upon the other
   * @param {number} [options.width] in pixels, where it is shown in its size
   * @param {number} [options.height]
   * @param {(millis: number | null) => void} [options.onPoint] told the time that is pointed at, null where none is any more
   */
  constructor({label, format, stacked = false, width = 600, height = 96, onPoint = () => {}}) {
    this.label = label;
    this.format = format;
    this.stacked = stacked;
    this.width = width;
    this.height = height;
    this.onPoint = onPoint;
    /** @type {Series[]} */
    this.series = [];
    /** @type {number[]} */
    this.times = [];
    this.stepMillis = 0;
    this.at = -1;
    this.cursor = s('line', {class: 'cursor', y1: TOP, y2: height - BOTTOM, visibility: 'hidden'});
    this.svg = s('svg', {
      viewBox: `0 0 ${width} ${height}`, class: 'chart-plot', tabindex: 0, role: 'img', 'aria-label': label,
      onpointermove: (/** @type {PointerEvent} */ event) => this.point(event),
      onpointerleave: () => this.pointTo(-1),
      onblur: () => this.pointTo(-1),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event),
    });
    this.legend = h('ul', {class: 'legend'});
    this.element = h('figure', {class: 'chart'}, this.svg, h('figcaption', null, this.legend));
  }

  /**
   * @param {Series[]} series all with the same times
   * @param {number} fromMillis
   * @param {number} toMillis
   * @param {number} stepMillis from one point to the next, in ordinary
   * @param {number} [least] of what the scale reaches to: charts that are compared have one scale
   */
  show(series, fromMillis, toMillis, stepMillis, least = 0) {
    this.series = series;
    this.times = series[0]?.points.map(([millis]) => millis) ?? [];
    this.from = fromMillis;
    this.to = Math.max(toMillis, fromMillis + 1);
    this.stepMillis = stepMillis;
    const top = Math.max(...this.tops(), least) || 1;
    this.scale = nice(top);
    replace(this.svg, this.axes(), this.stacked ? this.columns() : series.flatMap((each) => [this.line(each), ...this.dots(each)]), this.cursor);
    this.read(Math.min(this.at, this.times.length - 1));
  }

  tops() {
    if (!this.stacked) {
      return this.series.flatMap(({points}) => points.map(([, value]) => value ?? 0));
    }
    return this.times.map((_, index) => this.series.reduce((sum, {points}) => sum + (points[index][1] ?? 0), 0));
  }

  /** @param {number} millis */
  x(millis) {
    return LEFT + ((millis - /** @type {number} */ (this.from)) / (/** @type {number} */ (this.to) - /** @type {number} */ (this.from))) * (this.width - LEFT);
  }

  /** @param {number} value */
  y(value) {
    return this.height - BOTTOM - (value / /** @type {number} */ (this.scale)) * (this.height - BOTTOM - TOP);
  }

  axes() {
    const scale = /** @type {number} */ (this.scale);
    const from = /** @type {number} */ (this.from);
    const to = /** @type {number} */ (this.to);
    return [
      [0, scale / 2, scale].map((value) => [
        s('line', {class: 'grid', x1: LEFT, x2: this.width, y1: this.y(value), y2: this.y(value)}),
        s('text', {class: 'tick', x: LEFT - 6, y: this.y(value) + 3.5, 'text-anchor': 'end'}, value === 0 ? '0' : this.format(value)),
      ]).flat(),
      s('text', {class: 'tick', x: LEFT, y: this.height - 3}, clock(from)),
      s('text', {class: 'tick', x: this.width, y: this.height - 3, 'text-anchor': 'end'}, clock(to)),
    ].flat();
  }

  /** @param {Series} series */
  line({points, color}) {
    let pen = false;
    let last = -Infinity;
    const path = points.map(([millis, value]) => {
      if (value === undefined) {
        pen = false;
        return '';
      }
      const move = !pen || millis - last > this.stepMillis * 2.5;
      pen = true;
      last = millis;
      const at = `${this.x(millis).toFixed(1)} ${this.y(value).toFixed(1)}`;
      return move ? `M${at}h.1` : `L${at}`;
    }).join('');
    return s('path', {class: 'line', d: path || 'M0 0', stroke: `var(${color})`});
  }

  /**
   * Points without a neighbour, of which a line shows nothing.
   *
   * @param {Series} series
   */
  dots({points, color}) {
    const alone = points.filter(([, value], index) => value !== undefined && points[index - 1]?.[1] === undefined && points[index + 1]?.[1] === undefined);
    return alone.map(([millis, value]) => s('circle', {cx: this.x(millis), cy: this.y(value ?? 0), r: 2.5, fill: `var(${color})`}));
  }

  columns() {
    const width = Math.max(1, this.x(/** @type {number} */ (this.from) + this.stepMillis) - LEFT - 0.6);
    return this.times.flatMap((millis, index) => {
      let below = 0;
      return this.series.map(({points, color}) => {
        const value = points[index][1] ?? 0;
        const rect = value > 0 ? s('rect', {
          x: Math.max(LEFT, this.x(millis) - width / 2).toFixed(1), width: width.toFixed(1),
          y: this.y(below + value).toFixed(1), height: (this.y(below) - this.y(below + value)).toFixed(1), fill: `var(${color})`,
        }) : null;
        below += value;
        return rect;
      });
    });
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.width;
    this.pointTo(this.nearest((millis) => Math.abs(this.x(millis) - x)));
  }

  /**
   * @param {(millis: number) => number} distance
   * @returns {number} index of the time, -1 where there is none
   */
  nearest(distance) {
    return this.times.reduce((best, millis, index) => (best < 0 || distance(millis) < distance(this.times[best]) ? index : best), -1);
  }

  /** @param {number} index that the reader has chosen; -1 is none */
  pointTo(index) {
    this.read(index);
    this.onPoint(index < 0 ? null : this.times[index]);
  }

  /**
   * What another chart points to.
   *
   * @param {number | null} millis null: nothing
   */
  readTime(millis) {
    const index = millis === null ? -1 : this.nearest((time) => Math.abs(time - millis));
    this.read(index >= 0 && Math.abs(this.times[index] - /** @type {number} */ (millis)) <= this.stepMillis / 2 ? index : -1);
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && this.times.length > 0) {
      event.preventDefault();
      const from = this.at < 0 ? this.times.length - 1 - step : this.at;
      this.pointTo(Math.min(this.times.length - 1, Math.max(0, from + step)));
      this.svg.setAttribute('aria-label', `${this.label}; ${this.legend.textContent}`);
    }
  }

  /** @param {number} index of the time whose figures stand in the legend; -1 is the last */
  read(index) {
    this.at = index;
    const at = index < 0 ? this.times.length - 1 : index;
    this.cursor.setAttribute('visibility', index < 0 ? 'hidden' : 'visible');
    if (index >= 0) {
      const x = String(this.x(this.times[at]));
      this.cursor.setAttribute('x1', x);
      this.cursor.setAttribute('x2', x);
    }
    replace(this.legend,
      h('li', {class: 'when'}, at < 0 ? 'no calls' : clock(this.times[at])),
      this.series.map(({label, color, points}) => {
        const swatch = h('span', {class: 'swatch'});
        swatch.style.background = `var(${color})`;
        return h('li', null, swatch, `${label} `, h('b', null, at < 0 ? ABSENT : this.format(points[at]?.[1])));
      }));
  }
}

/**
 * The next larger of 1, 2, 5 times a power of ten.
 *
 * @param {number} value
 */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}
