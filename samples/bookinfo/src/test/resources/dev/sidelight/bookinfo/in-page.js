/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a test puts into each document before the page's own scripts run.
 */

/** What the page was answered last, by the path that it asked for; `urls` and `counts` beside it. */
var answers = {urls: {}, counts: {}};
{
  const text = Response.prototype.text;
  Response.prototype.text = async function () {
    const body = await text.call(this);
    if (this.headers.get('content-type')?.startsWith('application/json')) {
      const path = new URL(this.url).pathname;
      answers[path] = JSON.parse(body);
      answers.urls[path] = this.url;
      answers.counts[path] = (answers.counts[path] ?? 0) + 1;
    }
    return body;
  };
}

/** cytoscape's core, by the test id of its container. */
function core(testId) {
  return document.querySelector(`[data-testid=${testId}]`)._cyreg.cy;
}

/** Milliseconds from frame to frame, between start and stop. */
var frames = {
  start() {
    const intervals = (this.intervals = []);
    let last = performance.now();
    const tick = (now) => {
      intervals.push(now - last);
      last = now;
      if (this.intervals === intervals) {
        requestAnimationFrame(tick);
      }
    };
    requestAnimationFrame(tick);
  },
  stop() {
    const intervals = this.intervals.slice(1).sort((a, b) => a - b);
    this.intervals = null;
    const at = (share) => intervals[Math.min(intervals.length - 1, Math.floor(share * intervals.length))];
    return {count: intervals.length, p50: at(0.5), p95: at(0.95), max: at(1)};
  },
};

/** Red, green, blue and opacity of any CSS colour. */
function rgba(color) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pixel = canvas.getContext('2d');
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, opacity] = pixel.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, opacity / 255];
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color) {
  const [red, green, blue] = rgba(color).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Texts whose contrast with what is behind them is below WCAG's AA. */
function unreadable() {
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (rgba(color)[3] > 0.9) {
        return color;
      }
    }
    return 'white';
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join('').trim();
    if (!text || !element.checkVisibility({opacityProperty: true, visibilityProperty: true}) || element.closest('svg, option, .visually-hidden, :disabled')) {
      continue;
    }
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const [lighter, darker] = [luminance(style.color), luminance(behind(element))].sort((a, b) => b - a);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    if (contrast < needed) {
      found.push(`${element.className} "${text.slice(0, 40)}" ${style.color} on ${behind(element)}: ${contrast.toFixed(2)}`);
    }
  }
  return [...new Set(found)];
}

/** What is wider than the area with that id, so that one has to scroll sideways. */
function stickingOut(id) {
  const area = document.getElementById(id);
  if (area.scrollWidth <= area.clientWidth) {
    return [];
  }
  const edge = area.getBoundingClientRect().left + area.clientLeft + area.clientWidth;
  return [...area.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > edge)
    .map((element) => `${element.tagName}.${element.getAttribute('class')} ${element.getBoundingClientRect().right - edge}`);
}
