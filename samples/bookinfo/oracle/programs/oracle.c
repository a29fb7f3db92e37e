/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "oracle.h"

static FILE *call_log;
static _Atomic uint8_t attempts[CALLS_MAX];

void die(const char *what)
{
	perror(what);
	exit(1);
}

uint64_t now_nanos(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

void pause_micros(uint32_t micros)
{
	struct timespec time = { .tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000L };

	if (micros > 0)
		nanosleep(&time, NULL);
}

void exact_timers(void)
{
	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
}

/* splitmix64. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15ULL;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
	return mixed ^ (mixed >> 31);
}

/* A pause of up to `most` microseconds in so many of a hundred calls, none in the others. */
static uint32_t some_pause(uint64_t *state, uint32_t percent, uint32_t most)
{
	uint64_t draw = next_random(state);

	return draw % 100 < percent ? 200 + (draw >> 32) % most : 0;
}

struct plan make_plan(uint64_t seed, uint32_t number, uint32_t longest_work)
{
	static const uint32_t sizes[] = { 0, 64, 512, 1024, 4096, 16384, 40000 };
	uint64_t state = seed * 1000003 + number;
	struct plan plan = { .number = number };

	plan.request_bytes = sizes[next_random(&state) % 7];
	plan.response_bytes = sizes[next_random(&state) % 7] + 2;
	plan.upload_pause = some_pause(&state, plan.request_bytes ? 15 : 0, 15000);
	plan.queue_pause = some_pause(&state, 15, 15000);
	plan.work_pause = some_pause(&state, 90, longest_work);
	plan.body_pause = some_pause(&state, 15, 15000);
	plan.read_pause = some_pause(&state, 15, 15000);
	plan.refusals = next_random(&state) % 100 < 2;
	return plan;
}

void print_plan(const struct plan *plan, char text[PLAN_TEXT_MAX])
{
	snprintf(text, PLAN_TEXT_MAX, "%u/%u/%u/%u/%u/%u", plan->number, plan->response_bytes, plan->queue_pause,
		 plan->work_pause, plan->body_pause, plan->refusals);
}

int scan_plan(const char *text, struct plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	return sscanf(text, "%u/%u/%u/%u/%u/%u", &plan->number, &plan->response_bytes, &plan->queue_pause,
		      &plan->work_pause, &plan->body_pause, &plan->refusals) == 6 &&
	       plan->response_bytes <= BODY_MAX;
}

void print_request_id(uint64_t seed, uint32_t number, char text[37])
{
	snprintf(text, 37, "%08x-0000-4000-8000-%012x", (uint32_t)seed, number);
}

uint32_t count_attempt(uint32_t number)
{
	return atomic_fetch_add(&attempts[number % CALLS_MAX], 1) + 1;
}

void fill(char *body, size_t length)
{
	memset(body, 'x', length);
}

void send_all(int fd, const char *bytes, size_t length, struct bracket *last)
{
	while (length > 0) {
		uint64_t before = now_nanos();
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		last->after = now_nanos();
		last->before = before;
		if (sent <= 0)
			die("send");
		bytes += sent;
		length -= sent;
	}
}

size_t bytes_ready(int fd)
{
	int ready = 0;

	if (ioctl(fd, FIONREAD, &ready))
		die("ioctl");
	return ready;
}

void without_delay(int fd)
{
	int on = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		die("setsockopt");
}

int listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1024))
		die("listen");
	return fd;
}

void open_log(void)
{
	const char *path = getenv("CALL_LOG");

	call_log = fopen(path ? path : "/dev/stdout", "a");
	if (!call_log)
		die("CALL_LOG");
	setvbuf(call_log, NULL, _IOLBF, 4096);
}

void log_exchange(const char *request_id, const struct exchange *exchange)
{
	fprintf(call_log,
		"{\"requestId\": \"%s\", \"attempt\": %u, \"port\": %u, \"status\": %d, \"firstSend\": [%" PRIu64
		", %" PRIu64 "], \"lastSend\": [%" PRIu64 ", %" PRIu64 "], \"lastRead\": [%" PRIu64 ", %" PRIu64
		"], \"ready\": %" PRIu64 "}\n",
		request_id, exchange->attempt, exchange->port, exchange->status, exchange->first_send.before,
		exchange->first_send.after, exchange->last_send.before, exchange->last_send.after,
		exchange->last_read.before, exchange->last_read.after, exchange->ready);
}
