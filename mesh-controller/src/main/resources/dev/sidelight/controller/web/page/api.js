/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/** How long an answer may take. */
const PATIENCE_MILLIS = 15_000;

/** What the controller did not answer, or answered with an error. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP's, 0 where there was no answer
   * @param {string} message the controller's own words where it had some
   * @param {any} [body] the answer, where it was JSON
   */
  constructor(status, message, body) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }

  /** Whether this controller has no such endpoint. */
  get isMissing() {
    return this.status === 404;
  }
}

/**
 * A path with a query; what is null, undefined or empty is left out.
 *
 * @param {string} path
 * @param {Record<string, unknown>} [query]
 */
export function apiPath(path, query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * JSON of an endpoint.
 *
 * @param {string} path with its query, see apiPath
 * @param {{signal?: AbortSignal, method?: string, body?: unknown, token?: string}} [options] the token goes into `Authorization: Bearer`
 * @returns {Promise<any>}
 * @throws {ApiError} where there is no answer, or another than 2xx
 * @throws {DOMException} AbortError where `signal` says so
 */
export async function fetchJson(path, options = {}) {
  const patience = AbortSignal.timeout(PATIENCE_MILLIS);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  /** @type {Record<string, string>} */
  const headers = {accept: 'application/json'};
  if (options.body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  if (options.token) {
    headers.authorization = `Bearer ${options.token}`;
  }
  let response;
  let text;
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal,
      cache: 'no-store',
    });
    text = await response.text();
  } catch (failure) {
    if (options.signal?.aborted) {
      throw failure;
    }
    throw new ApiError(0, patience.aborted ? 'the controller does not answer' : 'the controller is not reached');
  }
  const body = parse(text);
  if (!response.ok) {
    throw new ApiError(response.status, body?.error ?? `the controller answers ${response.status}`, body);
  }
  if (body === undefined) {
    throw new ApiError(response.status, 'the answer is not JSON');
  }
  return body;
}

/** @param {unknown} failure */
export function isAbort(failure) {
  return failure instanceof DOMException && failure.name === 'AbortError';
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
