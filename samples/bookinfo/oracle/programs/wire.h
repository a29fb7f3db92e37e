/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/* One HTTP/2 connection: nghttp2 makes and reads the frames, this does the system calls, one a frame that is sent. */
#ifndef WIRE_H
#define WIRE_H

#include <nghttp2/nghttp2.h>

#include "oracle.h"

struct wire {
	int fd;
	nghttp2_session *session;
	/* Of the last send, which carried the frame that nghttp2 tells as sent. */
	struct bracket sent;
	/* Of the last read, whose frames nghttp2 tells as received. */
	struct bracket read;
	/* By then all that the last read took lay in the socket; 0 where that was not seen. */
	uint64_t ready;
	uint32_t reads;
};

/* A body that may pause after its first half: the streams of both programs begin with it. */
struct body {
	uint32_t left;
	uint32_t pause_at;
};

/* Settings with room for whole bodies on every stream. */
void wire_settings(struct wire *wire);
/* What nghttp2's send callback has to do: nghttp2 tells a frame as sent only after it (not so with mem_send). */
ssize_t wire_send(struct wire *wire, const uint8_t *bytes, size_t length);
/* Sends all frames that nghttp2 has, a system call each. */
void wire_flush(struct wire *wire);
/* Waits until there is something to read, at most until `wake`, 0 being never; answers whether there is. */
int wire_wait(struct wire *wire, uint64_t wake);
/* Reads once, now and then some milliseconds late; 0 at the connection's end. */
int wire_read(struct wire *wire);
/* Notes that a frame of this exchange was sent, or received, in the last system call. */
void wire_sent(const struct wire *wire, struct exchange *exchange);
void wire_received(const struct wire *wire, struct exchange *exchange);
/* The bytes of a body for a DATA frame, with nghttp2's flags and errors. */
ssize_t body_read(struct body *body, uint8_t *buffer, size_t length, uint32_t *flags);

#define HEADER(NAME, VALUE)                                                                                            \
	{                                                                                                              \
		(uint8_t *)(NAME), (uint8_t *)(VALUE), sizeof(NAME) - 1, strlen(VALUE), NGHTTP2_NV_FLAG_NONE           \
	}

#endif
