/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
#define _GNU_SOURCE
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "wire.h"

#define CHUNK 65536
#define STREAM_WINDOW (1 << 20)
#define CONNECTION_WINDOW (1 << 26)
#define STREAMS_MAX 1000
/* So many reads lie between two that come late, and by how much these do. */
#define LATE_EVERY 40
#define LATE_MICROS 2500

void wire_settings(struct wire *wire)
{
	nghttp2_settings_entry settings[] = { { NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS_MAX },
					      { NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, STREAM_WINDOW } };

	if (nghttp2_submit_settings(wire->session, NGHTTP2_FLAG_NONE, settings, 2) ||
	    nghttp2_session_set_local_window_size(wire->session, NGHTTP2_FLAG_NONE, 0, CONNECTION_WINDOW))
		die("settings");
}

ssize_t wire_send(struct wire *wire, const uint8_t *bytes, size_t length)
{
	send_all(wire->fd, (const char *)bytes, length, &wire->sent);
	return length;
}

void wire_flush(struct wire *wire)
{
	int error = nghttp2_session_send(wire->session);

	if (error)
		die(nghttp2_strerror(error));
}

int wire_wait(struct wire *wire, uint64_t wake)
{
	struct pollfd readable = { .fd = wire->fd, .events = POLLIN };
	uint64_t now = now_nanos(), rest = wake > now ? wake - now : 0;
	struct timespec timeout = { .tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000 };

	return ppoll(&readable, 1, wake ? &timeout : NULL, NULL) > 0;
}

int wire_read(struct wire *wire)
{
	char bytes[CHUNK];
	size_t ready = bytes_ready(wire->fd);
	uint64_t asked = now_nanos();
	ssize_t got;

	if (++wire->reads % LATE_EVERY == 0)
		pause_micros(LATE_MICROS);
	wire->read.before = now_nanos();
	got = recv(wire->fd, bytes, sizeof(bytes), 0);
	wire->read.after = now_nanos();
	if (got <= 0)
		return 0;
	wire->ready = (size_t)got <= ready ? asked : 0;
	if (nghttp2_session_mem_recv(wire->session, (uint8_t *)bytes, got) != got)
		die("a frame that nghttp2 refuses");
	return 1;
}

void wire_sent(const struct wire *wire, struct exchange *exchange)
{
	if (!exchange->first_send.after)
		exchange->first_send = wire->sent;
	exchange->last_send = wire->sent;
}

void wire_received(const struct wire *wire, struct exchange *exchange)
{
	exchange->last_read = wire->read;
	exchange->ready = wire->ready;
}

ssize_t body_read(struct body *body, uint8_t *buffer, size_t length, uint32_t *flags)
{
	size_t most = body->left - body->pause_at;

	if (most == 0 && body->pause_at > 0)
		return NGHTTP2_ERR_DEFERRED;
	if (most > length)
		most = length;
	fill((char *)buffer, most);
	body->left -= most;
	if (body->left == 0)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return most;
}
