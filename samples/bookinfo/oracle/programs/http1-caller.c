/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The caller of HTTP/1.1: a thread a connection, one call at a time on each, after the plan of a seed.
 *   http1-caller HOST PORT SEED FIRST CALLS CONNECTIONS WORK
 * FIRST is the first call's number, WORK the microseconds that the app takes at most. Logs each call to
 * CALL_LOG.
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

#define MESSAGE_MAX (BODY_MAX + 4096)
#define CONNECTIONS_MAX 1024

static struct sockaddr_in app;
static uint64_t seed;
static uint32_t first, calls, connections, longest_work;

static size_t make_request(const struct plan *plan, const char *id, char *bytes)
{
	char text[PLAN_TEXT_MAX];
	size_t head;

	print_plan(plan, text);
	head = sprintf(bytes,
		       "%s /calls/%u HTTP/1.1\r\nhost: oracle\r\nx-request-id: %s\r\nx-oracle: %s\r\n"
		       "content-length: %u\r\n\r\n",
		       plan->request_bytes ? "POST" : "GET", plan->number, id, text, plan->request_bytes);
	fill(bytes + head, plan->request_bytes);
	return head;
}

static void send_request(int fd, const struct plan *plan, const char *bytes, size_t head, struct exchange *exchange)
{
	size_t length = head + plan->request_bytes;
	size_t half = plan->upload_pause ? head + plan->request_bytes / 2 : length;

	send_all(fd, bytes, half, &exchange->first_send);
	exchange->last_send = exchange->first_send;
	pause_micros(plan->upload_pause);
	send_all(fd, bytes + half, length - half, &exchange->last_send);
}

/* The response's length as its head says it; 0 before the head is whole. */
static size_t response_length(const char *bytes, int *status)
{
	const char *end = strstr(bytes, "\r\n\r\n"), *length = strcasestr(bytes, "\r\ncontent-length: ");

	if (!end)
		return 0;
	if (!length || length > end || sscanf(bytes, "HTTP/1.1 %d", status) != 1)
		die("a response without status or length");
	return end + 4 - bytes + strtoul(length + strlen("\r\ncontent-length: "), NULL, 10);
}

static void read_response(int fd, const struct plan *plan, char *bytes, struct exchange *exchange)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	size_t taken = 0, length = 0, ready;
	uint64_t asked;

	poll(&readable, 1, -1);
	ready = bytes_ready(fd);
	asked = now_nanos();
	pause_micros(plan->read_pause);
	while (!length || taken < length) {
		uint64_t before = now_nanos();
		ssize_t got = recv(fd, bytes + taken, MESSAGE_MAX - taken, 0);

		exchange->last_read.after = now_nanos();
		exchange->last_read.before = before;
		if (got <= 0)
			die("recv");
		taken += got;
		bytes[taken] = 0;
		if (!length)
			length = response_length(bytes, &exchange->status);
	}
	if (ready >= length)
		exchange->ready = asked;
}

static void *run(void *argument)
{
	uint32_t lane = (uint32_t)(uintptr_t)argument;
	struct sockaddr_in own;
	socklen_t length = sizeof(own);
	char *bytes = malloc(MESSAGE_MAX + 1), id[37];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	exact_timers();
	if (!bytes || fd < 0 || connect(fd, (struct sockaddr *)&app, sizeof(app)) ||
	    getsockname(fd, (struct sockaddr *)&own, &length))
		die("connect");
	without_delay(fd);
	for (uint32_t i = lane; i < calls; i += connections) {
		struct plan plan = make_plan(seed, first + i, longest_work);
		struct exchange exchange = { .number = plan.number, .port = ntohs(own.sin_port), .attempt = 1 };

		print_request_id(seed, plan.number, id);
		size_t head = make_request(&plan, id, bytes);

		send_request(fd, &plan, bytes, head, &exchange);
		read_response(fd, &plan, bytes, &exchange);
		log_exchange(id, &exchange);
	}
	close(fd);
	free(bytes);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[CONNECTIONS_MAX];

	if (argc != 8 || !inet_aton(argv[1], &app.sin_addr))
		die("http1-caller HOST PORT SEED FIRST CALLS CONNECTIONS WORK");
	app.sin_family = AF_INET;
	app.sin_port = htons(atoi(argv[2]));
	seed = strtoull(argv[3], NULL, 10);
	first = atoi(argv[4]);
	calls = atoi(argv[5]);
	connections = atoi(argv[6]);
	longest_work = atoi(argv[7]);
	if (connections < 1 || connections > CONNECTIONS_MAX)
		die("CONNECTIONS");
	open_log();
	for (uint32_t lane = 0; lane < connections; lane++)
		if (pthread_create(&threads[lane], NULL, run, (void *)(uintptr_t)lane))
			die("pthread_create");
	for (uint32_t lane = 0; lane < connections; lane++)
		pthread_join(threads[lane], NULL);
	return 0;
}
