/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Bookinfo's reviews: v1 without ratings, v2 with black stars, v3 with red ones. Built on plain
 * sockets, because the sample needs to say when a request is read and how many sends a response
 * takes.
 */
package dev.sidelight.bookinfo.reviews;
