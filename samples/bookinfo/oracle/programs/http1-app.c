/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The app of HTTP/1.1: a thread a connection; does in each call what the header x-oracle says and logs when.
 *   http1-app        PORT and CALL_LOG in the environment
 * It looks at a request with MSG_PEEK, so that the read can come as late as the plan wants.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "oracle.h"

#define REQUEST_MAX (BODY_MAX + 4096)
#define PEEK_AGAIN_MICROS 50

struct request {
	struct plan plan;
	char id[64];
	size_t length;
};

/* The value of a header in a head that ends with a zero; empty where there is none. */
static const char *header(const char *head, const char *name)
{
	const char *found = strcasestr(head, name);

	return found ? found + strlen(name) : "";
}

/* Waits for a head and reads it without taking it; 0 at the connection's end. */
static int peek_request(int fd, char *bytes, struct request *request)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	for (;;) {
		char *end;
		ssize_t got;

		poll(&readable, 1, -1);
		got = recv(fd, bytes, REQUEST_MAX, MSG_PEEK | MSG_DONTWAIT);
		if (got <= 0)
			return 0;
		bytes[got] = 0;
		end = strstr(bytes, "\r\n\r\n");
		if (end) {
			end[2] = 0;
			if (!scan_plan(header(bytes, "\r\nx-oracle: "), &request->plan))
				memset(&request->plan, 0, sizeof(request->plan));
			sscanf(header(bytes, "\r\nx-request-id: "), "%63[^\r]", request->id);
			request->length = end + 4 - bytes + strtoul(header(bytes, "\r\ncontent-length: "), NULL, 10);
			return request->length <= REQUEST_MAX;
		}
		pause_micros(PEEK_AGAIN_MICROS);
	}
}

static void read_request(int fd, char *bytes, const struct request *request, struct exchange *exchange)
{
	size_t taken = 0;

	if (bytes_ready(fd) >= request->length)
		exchange->ready = now_nanos();
	pause_micros(request->plan.queue_pause);
	while (taken < request->length) {
		uint64_t before = now_nanos();
		ssize_t got = recv(fd, bytes, request->length - taken, 0);

		exchange->last_read.after = now_nanos();
		exchange->last_read.before = before;
		if (got <= 0)
			die("recv");
		taken += got;
	}
}

static void respond(int fd, char *bytes, const struct request *request, struct exchange *exchange)
{
	const struct plan *plan = &request->plan;
	int refused = exchange->attempt > 0 && exchange->attempt <= plan->refusals;
	size_t head, half;

	exchange->status = refused ? 503 : 200;
	head = sprintf(bytes, "HTTP/1.1 %d %s\r\ncontent-type: text/plain\r\ncontent-length: %u\r\n\r\n",
		       exchange->status, refused ? "Service Unavailable" : "OK", plan->response_bytes);
	fill(bytes + head, plan->response_bytes);
	half = plan->body_pause ? head + plan->response_bytes / 2 : head + plan->response_bytes;
	send_all(fd, bytes, half, &exchange->first_send);
	exchange->last_send = exchange->first_send;
	pause_micros(plan->body_pause);
	send_all(fd, bytes + half, head + plan->response_bytes - half, &exchange->last_send);
}

static void *serve(void *argument)
{
	int fd = (int)(intptr_t)argument;
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	char *bytes = malloc(REQUEST_MAX + 1);
	struct request request = { 0 };

	exact_timers();
	if (!bytes || getpeername(fd, (struct sockaddr *)&peer, &length))
		die("connection");
	while (peek_request(fd, bytes, &request)) {
		struct exchange exchange = { .number = request.plan.number, .port = ntohs(peer.sin_port) };

		if (request.plan.response_bytes)
			exchange.attempt = count_attempt(request.plan.number);
		read_request(fd, bytes, &request, &exchange);
		pause_micros(request.plan.work_pause);
		respond(fd, bytes, &request, &exchange);
		if (request.plan.response_bytes)
			log_exchange(request.id, &exchange);
	}
	close(fd);
	free(bytes);
	return NULL;
}

int main(void)
{
	const char *port = getenv("PORT");
	int listener = listen_on(port ? atoi(port) : APP_PORT_DEFAULT);
	pthread_attr_t detached;

	open_log();
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&detached, 256 * 1024);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		pthread_t thread;

		if (fd < 0)
			die("accept");
		without_delay(fd);
		if (pthread_create(&thread, &detached, serve, (void *)(intptr_t)fd))
			die("pthread_create");
	}
}
