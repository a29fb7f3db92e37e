/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {go, onRoute, route} from './route.js';

const KEPT = 'sidelight.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** @type {Set<() => void>} */
const listeners = new Set();
const resolved = new Map();

/** Follows the URL, else what was chosen last, else the system. */
export function startTheme() {
  onRoute((now, before) => now.theme !== before.theme && apply());
  dark.addEventListener('change', apply);
  apply();
}

/** The other theme than the one that is shown. */
export function switchTheme() {
  const other = isDark() ? 'light' : 'dark';
  keep(other);
  go({theme: other}, {replace: true});
  apply();
}

/** Whether the dark one is shown. */
export function isDark() {
  return document.documentElement.dataset.theme === 'dark';
}

/**
 * @param {() => void} listener called after each change of the theme
 * @returns {() => void} ends it
 */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The colour of a custom property, for what is drawn on a canvas and cannot use `var()`.
 *
 * @param {string} property such as --sidecar
 * @returns {string} rgb(...)
 */
export function color(property) {
  let value = resolved.get(property);
  if (!value) {
    const probe = document.createElement('span');
    probe.hidden = true;
    probe.style.color = `var(${property})`;
    document.body.append(probe);
    value = getComputedStyle(probe).color;
    probe.remove();
    resolved.set(property, value);
  }
  return value;
}

function apply() {
  document.documentElement.dataset.theme = route().theme || kept() || (dark.matches ? 'dark' : 'light');
  resolved.clear();
  listeners.forEach((listener) => listener());
}

/** @returns {string} */
function kept() {
  try {
    const theme = localStorage.getItem(KEPT);
    return theme === 'light' || theme === 'dark' ? theme : '';
  } catch {
    return ''; // storage is forbidden in this browser
  }
}

/** @param {string} theme */
function keep(theme) {
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // storage is forbidden in this browser
  }
}
