/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The caller of HTTP/2 without TLS: one connection, so many calls at once on it, after the plan of a seed.
 *   http2-caller HOST PORT SEED FIRST CALLS STREAMS WORK
 * FIRST is the first call's number, WORK the microseconds that the app takes at most. Logs each call to CALL_LOG.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "wire.h"

#define STREAMS_MAX 1000
/* The streams begin one after the other, so that a new connection's first window bears them. */
#define BETWEEN_FIRST_NANOS 5000000ULL

/* A place for one call at a time. */
struct call {
	struct body body;
	int32_t stream;
	struct plan plan;
	struct exchange exchange;
	char id[37];
	/* When it begins, or goes on with its request; 0 for not yet. */
	uint64_t wake;
};

static struct wire wire;
static struct sockaddr_in app;
static struct call places[STREAMS_MAX];
static uint64_t seed;
static uint32_t first, calls, streams, longest_work, begun, ended;
static uint16_t own_port;

static ssize_t on_send(nghttp2_session *session, const uint8_t *bytes, size_t length, int flags, void *user)
{
	(void)session, (void)flags, (void)user;
	return wire_send(&wire, bytes, length);
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
			 nghttp2_data_source *source, void *user)
{
	(void)session, (void)stream, (void)user;
	return body_read(source->ptr, buffer, length, flags);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
		     const uint8_t *value, size_t length, uint8_t flags, void *user)
{
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)length, (void)flags, (void)user;
	if (call && name_length == strlen(":status") && !memcmp(name, ":status", name_length))
		call->exchange.status = atoi((const char *)value);
	return 0;
}

static int on_received(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)user;
	if (call && (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA))
		wire_received(&wire, &call->exchange);
	return 0;
}

static int on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)user;
	if (call && (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA))
		wire_sent(&wire, &call->exchange);
	return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *user)
{
	struct call *call = nghttp2_session_get_stream_user_data(session, stream);

	(void)error, (void)user;
	if (!call)
		return 0;
	log_exchange(call->id, &call->exchange);
	call->stream = 0;
	call->wake = 1;
	ended++;
	return 0;
}

static void begin(struct call *call)
{
	nghttp2_data_provider body = { { .ptr = &call->body }, read_body };
	char text[PLAN_TEXT_MAX], path[32];

	call->plan = make_plan(seed, first + begun++, longest_work);
	call->exchange = (struct exchange){ .number = call->plan.number, .port = own_port, .attempt = 1 };
	print_request_id(seed, call->plan.number, call->id);
	print_plan(&call->plan, text);
	snprintf(path, sizeof(path), "/calls/%u", call->plan.number);
	nghttp2_nv headers[] = { HEADER(":method", call->plan.request_bytes ? "POST" : "GET"),
				 HEADER(":scheme", "http"),
				 HEADER(":authority", "oracle"),
				 HEADER(":path", path),
				 HEADER("x-request-id", call->id),
				 HEADER("x-oracle", text) };

	call->body.left = call->plan.request_bytes;
	call->body.pause_at = call->plan.upload_pause ? call->plan.request_bytes / 2 : 0;
	call->wake = call->plan.upload_pause ? now_nanos() + call->plan.upload_pause * 1000ULL : 0;
	call->stream = nghttp2_submit_request(wire.session, NULL, headers, sizeof(headers) / sizeof(headers[0]),
					      call->plan.request_bytes ? &body : NULL, call);
	if (call->stream < 0)
		die("request");
}

/* Does what is due and answers when something will be, 0 for never. */
static uint64_t advance(void)
{
	uint64_t wake = 0, now = now_nanos();

	for (struct call *call = places; call < places + streams; call++) {
		if (call->wake && call->wake <= now) {
			call->wake = 0;
			if (call->stream) {
				call->body.pause_at = 0;
				nghttp2_session_resume_data(wire.session, call->stream);
			} else if (begun < calls) {
				begin(call);
			}
		}
		if (call->wake && (!wake || call->wake < wake))
			wake = call->wake;
	}
	return wake;
}

static void open_connection(void)
{
	struct sockaddr_in own;
	socklen_t length = sizeof(own);
	nghttp2_session_callbacks *callbacks;

	wire.fd = socket(AF_INET, SOCK_STREAM, 0);
	if (wire.fd < 0 || connect(wire.fd, (struct sockaddr *)&app, sizeof(app)) ||
	    getsockname(wire.fd, (struct sockaddr *)&own, &length))
		die("connect");
	without_delay(wire.fd);
	own_port = ntohs(own.sin_port);
	nghttp2_session_callbacks_new(&callbacks);
	nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_received);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	if (nghttp2_session_client_new(&wire.session, callbacks, NULL))
		die("session");
	nghttp2_session_callbacks_del(callbacks);
	wire_settings(&wire);
}

int main(int argc, char **argv)
{
	if (argc != 8 || !inet_aton(argv[1], &app.sin_addr))
		die("http2-caller HOST PORT SEED FIRST CALLS STREAMS WORK");
	app.sin_family = AF_INET;
	app.sin_port = htons(atoi(argv[2]));
	seed = strtoull(argv[3], NULL, 10);
	first = atoi(argv[4]);
	calls = atoi(argv[5]);
	streams = atoi(argv[6]);
	longest_work = atoi(argv[7]);
	if (streams < 1 || streams > STREAMS_MAX)
		die("STREAMS");
	exact_timers();
	open_log();
	open_connection();
	for (uint32_t i = 0; i < streams; i++)
		places[i].wake = now_nanos() + i * BETWEEN_FIRST_NANOS;
	while (ended < calls) {
		uint64_t wake = advance();

		wire_flush(&wire);
		if (wire_wait(&wire, wake) && !wire_read(&wire))
			die("the sidecar ended the connection");
	}
	return 0;
}
