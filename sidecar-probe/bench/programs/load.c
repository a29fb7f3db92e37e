/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The sidecar: sends requests of 256 bytes over kept-alive connections, one at a time on each, and counts them.
 *   load PORT CONNECTIONS SECONDS RATE
 * RATE is requests a second over all connections, 0 for as many as go (closed loop). What is due while every connection
 * waits for its response is sent later, and counted as late. Begins at a line on stdin, ends with one line of JSON.
 * Also installed under the name bench-envoy: the probe of this measurement watches the namespace of whatever is called
 * so.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define EVENTS 64
#define REQUEST_BYTES 256
#define RESPONSE_BYTES 1024
/* Between two looks at what is due: a few requests at once, as a sidecar's connections bring them. */
#define TICK_NANOS 400000

struct connection {
	int fd;
	int received;
	uint64_t sent_nanos;
};

static struct connection connections[CONNECTIONS_MAX];
static struct connection *idle[CONNECTIONS_MAX];
static int idle_count;
static char request[REQUEST_BYTES + 1];
static char *request_id;
static uint64_t sent, answered, late;
/* Response times by microsecond; the last one holds all that are longer. */
static uint32_t micros[100001];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_nanos(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void make_request(void)
{
	int length = snprintf(request, sizeof(request),
			      "GET /reviews/0 HTTP/1.1\r\nhost: reviews:9080\r\nuser-agent: bench\r\naccept: */*\r\n"
			      "x-request-id: 00000000-0000-4000-8000-000000000000\r\nx-fill: ");

	memset(request + length, 'x', REQUEST_BYTES - 4 - length);
	memcpy(request + REQUEST_BYTES - 4, "\r\n\r\n", 4);
	request_id = strstr(request, "000000000000\r\n");
}

static void connect_to(struct connection *connection, int port, int epoll)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	connection->fd = fd;
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("epoll_ctl");
	idle[idle_count++] = connection;
}

static void send_request(uint64_t now)
{
	struct connection *connection = idle[--idle_count];

	/* A request's identifier is its number. */
	for (uint64_t i = 0, rest = sent; i < 12; i++, rest >>= 4)
		request_id[11 - i] = "0123456789abcdef"[rest & 15];
	connection->sent_nanos = now;
	if (send(connection->fd, request, REQUEST_BYTES, MSG_NOSIGNAL) != REQUEST_BYTES)
		die("send");
	sent++;
}

static void receive(struct connection *connection)
{
	char bytes[4096];
	ssize_t got = recv(connection->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		die("recv");
	connection->received += got;
	if (connection->received < RESPONSE_BYTES)
		return;
	if (connection->received > RESPONSE_BYTES)
		die("a response is too long");
	uint64_t taken = (now_nanos() - connection->sent_nanos) / 1000;

	micros[taken < 100000 ? taken : 100000]++;
	connection->received = 0;
	answered++;
	idle[idle_count++] = connection;
}

static void wait_for(int epoll, uint64_t nanos)
{
	struct timespec timeout = { .tv_nsec = (long)nanos };
	struct epoll_event events[EVENTS];
	int count = epoll_pwait2(epoll, events, EVENTS, &timeout, NULL);

	for (int i = 0; i < count; i++)
		receive(events[i].data.ptr);
}

static void run(int epoll, double seconds, double rate, int count)
{
	uint64_t start = now_nanos(), end = start + (uint64_t)(seconds * 1e9), now = start, tick = start;

	while (now < end) {
		uint64_t due = rate > 0 ? (uint64_t)((now - start) * rate / 1e9) : UINT64_MAX;

		while (sent < due && idle_count > 0)
			send_request(now);
		if (rate > 0 && sent < due)
			late++;
		if (now >= tick)
			tick = now + TICK_NANOS;
		wait_for(epoll, rate > 0 ? tick - now : 1000000);
		now = now_nanos();
	}
	while (idle_count < count && now_nanos() < end + 5000000000ULL)
		wait_for(epoll, 1000000);
}

static int percentile(double share)
{
	uint64_t rank = (uint64_t)(answered * share), seen = 0;

	for (int i = 0; i <= 100000; i++) {
		seen += micros[i];
		if (seen > rank)
			return i;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int epoll = epoll_create1(0), count = argc == 5 ? atoi(argv[2]) : 0;
	double seconds = argc == 5 ? atof(argv[3]) : 0;
	uint64_t start;

	if (count < 1 || count > CONNECTIONS_MAX || epoll < 0)
		die("load PORT CONNECTIONS SECONDS RATE");
	make_request();
	/* Whoever watches has the time to see this process first. */
	puts("ready");
	fflush(stdout);
	if (getchar() == EOF)
		return 1;
	for (int i = 0; i < count; i++)
		connect_to(&connections[i], atoi(argv[1]), epoll);
	start = now_nanos();
	run(epoll, seconds, atof(argv[4]), count);
	printf("{\"sent\": %llu, \"answered\": %llu, \"seconds\": %.3f, \"late\": %llu, \"p50Micros\": %d, "
	       "\"p99Micros\": %d}\n",
	       (unsigned long long)sent, (unsigned long long)answered, (now_nanos() - start) / 1e9,
	       (unsigned long long)late, percentile(0.5), percentile(0.99));
	return sent == answered ? 0 : 1;
}
