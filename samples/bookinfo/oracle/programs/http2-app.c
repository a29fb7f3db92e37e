/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The app of HTTP/2 without TLS: a thread a connection, any number of streams on it; does in each call what the header
 * x-oracle says and logs when.
 *   http2-app        PORT and CALL_LOG in the environment
 * A request of HTTP/1.1, which is only a look whether it serves, is answered and no more.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

/* One call; those of a connection are in a list. */
struct call {
	struct body body;
	int32_t stream;
	struct plan plan;
	struct exchange exchange;
	char id[64];
	/* When it responds, or goes on with its response; 0 for not yet. */
	uint64_t wake;
	struct call *next;
};

struct connection {
	struct wire wire;
	uint16_t port;
	struct call *calls;
};

static ssize_t on_send(nghttp2_session *session, const uint8_t *bytes, size_t length, int flags, void *user)
{
	struct connection *connection = user;

	(void)session, (void)flags;
	return wire_send(&connection->wire, bytes, length);
}

static ssize_t read_body(nghttp2_session *session, int32_t stream, uint8_t *buffer, size_t length, uint32_t *flags,
			 nghttp2_data_source *source, void *user)
{
	(void)session, (void)stream, (void)user;
	return body_read(source->ptr, buffer, length, flags);
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct connection *connection = user;
	struct call *call = calloc(1, sizeof(*call));

	if (!call)
		die("calloc");
	call->stream = frame->hd.stream_id;
	call->exchange.port = connection->port;
	call->next = connection->calls;
	connection->calls = call;
	return nghttp2_session_set_stream_user_data(session, call->stream, call);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
		     const uint8_t *value, size_t length, uint8_t flags, void *user)
{
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)length, (void)flags, (void)user;
	if (name_length == strlen("x-oracle") && !memcmp(name, "x-oracle", name_length))
		scan_plan((const char *)value, &call->plan);
	else if (name_length == strlen("x-request-id") && !memcmp(name, "x-request-id", name_length))
		snprintf(call->id, sizeof(call->id), "%s", (const char *)value);
	return 0;
}

static int on_received(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct connection *connection = user;
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (!call || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
		return 0;
	wire_received(&connection->wire, &call->exchange);
	call->wake = call->exchange.last_read.after + call->plan.work_pause * 1000ULL;
	return 0;
}

static int on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct connection *connection = user;
	struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (call && (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA))
		wire_sent(&connection->wire, &call->exchange);
	return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *user)
{
	struct connection *connection = user;
	struct call *call = nghttp2_session_get_stream_user_data(session, stream), **link = &connection->calls;

	(void)error;
	if (!call)
		return 0;
	while (*link != call)
		link = &(*link)->next;
	*link = call->next;
	if (call->exchange.attempt)
		log_exchange(call->id, &call->exchange);
	free(call);
	return 0;
}

static void respond(struct connection *connection, struct call *call)
{
	nghttp2_data_provider body = { { .ptr = &call->body }, read_body };
	char status[4];

	if (call->plan.response_bytes)
		call->exchange.attempt = count_attempt(call->plan.number);
	call->exchange.status = call->exchange.attempt > 0 && call->exchange.attempt <= call->plan.refusals ? 503 : 200;
	snprintf(status, sizeof(status), "%d", call->exchange.status);
	nghttp2_nv headers[] = { HEADER(":status", status), HEADER("content-type", "text/plain") };

	call->body.left = call->plan.response_bytes;
	call->body.pause_at = call->plan.body_pause ? call->plan.response_bytes / 2 : 0;
	call->wake = call->plan.body_pause ? now_nanos() + call->plan.body_pause * 1000ULL : 0;
	if (nghttp2_submit_response(connection->wire.session, call->stream, headers, 2, &body))
		die("response");
}

/* Does what is due and answers when something will be, 0 for never. */
static uint64_t advance(struct connection *connection)
{
	uint64_t wake = 0, now = now_nanos();

	for (struct call *call = connection->calls; call; call = call->next) {
		if (call->wake && call->wake <= now) {
			call->wake = 0;
			if (!call->exchange.status) {
				respond(connection, call);
			} else {
				call->body.pause_at = 0;
				nghttp2_session_resume_data(connection->wire.session, call->stream);
			}
		}
		if (call->wake && (!wake || call->wake < wake))
			wake = call->wake;
	}
	return wake;
}

static nghttp2_session *make_session(struct connection *connection)
{
	nghttp2_session_callbacks *callbacks;
	nghttp2_session *session;

	nghttp2_session_callbacks_new(&callbacks);
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
	nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_received);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	if (nghttp2_session_server_new(&session, callbacks, connection))
		die("session");
	nghttp2_session_callbacks_del(callbacks);
	return session;
}

/* Whether it speaks HTTP/1.1, and then it has its answer. */
static int answer_http1(int fd)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
	struct bracket unused;
	char start[4];

	if (recv(fd, start, sizeof(start), MSG_PEEK | MSG_WAITALL) != sizeof(start))
		return 1;
	if (memcmp(start, "GET ", sizeof(start)))
		return 0;
	send_all(fd, answer, sizeof(answer) - 1, &unused);
	return 1;
}

static void *serve(void *argument)
{
	struct connection connection = { .wire.fd = (int)(intptr_t)argument };
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	int open = 1;

	exact_timers();
	if (getpeername(connection.wire.fd, (struct sockaddr *)&peer, &length))
		die("getpeername");
	connection.port = ntohs(peer.sin_port);
	if (!answer_http1(connection.wire.fd)) {
		connection.wire.session = make_session(&connection);
		wire_settings(&connection.wire);
		while (open) {
			uint64_t wake = advance(&connection);

			wire_flush(&connection.wire);
			if (wire_wait(&connection.wire, wake))
				open = wire_read(&connection.wire);
		}
		nghttp2_session_del(connection.wire.session);
	}
	close(connection.wire.fd);
	return NULL;
}

int main(void)
{
	const char *port = getenv("PORT");
	int listener = listen_on(port ? atoi(port) : APP_PORT_DEFAULT);

	open_log();
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;

		if (fd < 0)
			die("accept");
		without_delay(fd);
		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd) || pthread_detach(thread))
			die("pthread_create");
	}
}
