/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * The application: HTTP/1.1 over kept-alive connections from one thread by epoll, 1 KB a response.
 *   server PORT WORK
 * WORK is how many times a request's head is hashed: what an application does beside its system calls. A line on
 * stdin is answered by a line on stdout: the thread's CPU time and the requests answered, both since the start. The end
 * of stdin ends it.
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096
#define EVENTS 64
#define RESPONSE_BYTES 1024

struct connection {
	size_t filled;
	char bytes[4096];
};

static struct connection *connections[CONNECTIONS_MAX];
static char response[RESPONSE_BYTES];
static uint64_t requests;
static volatile uint64_t sink;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void make_response(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nserver: bench\r\ncontent-type: text/plain\r\ncontent-length: ";
	int body = RESPONSE_BYTES - (int)sizeof(head) + 1 - 3 - 4;
	int length = snprintf(response, sizeof(response), "%s%d\r\n\r\n", head, body);

	if (length + body != RESPONSE_BYTES)
		die("response");
	memset(response + length, 'x', body);
}

static int listen_on(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, CONNECTIONS_MAX))
		die("listen");
	return fd;
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
	int fd, on = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (fd >= CONNECTIONS_MAX)
			die("too many connections");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		connections[fd] = calloc(1, sizeof(struct connection));
		watch(epoll, fd);
	}
}

static void work(const char *bytes, size_t length, int rounds)
{
	uint64_t hash = 1469598103934665603ULL;

	for (int i = 0; i < rounds; i++)
		for (size_t j = 0; j < length; j++)
			hash = (hash ^ (unsigned char)bytes[j]) * 1099511628211ULL;
	sink = hash;
}

static void answer(int fd, struct connection *connection, int rounds)
{
	char *end;

	while ((end = memmem(connection->bytes, connection->filled, "\r\n\r\n", 4))) {
		size_t length = end + 4 - connection->bytes;

		work(connection->bytes, length, rounds);
		if (send(fd, response, sizeof(response), MSG_NOSIGNAL) != (ssize_t)sizeof(response))
			die("send");
		requests++;
		connection->filled -= length;
		memmove(connection->bytes, connection->bytes + length, connection->filled);
	}
}

static void serve(int fd, int rounds)
{
	struct connection *connection = connections[fd];
	ssize_t got =
		recv(fd, connection->bytes + connection->filled, sizeof(connection->bytes) - connection->filled, 0);

	if (got > 0) {
		connection->filled += got;
		answer(fd, connection, rounds);
	} else if (got == 0 || errno != EAGAIN) {
		close(fd);
		free(connection);
		connections[fd] = NULL;
	}
}

static void mark(void)
{
	struct timespec cpu;
	char line[64];

	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		exit(0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	printf("{\"cpuNanos\": %lld, \"requests\": %llu}\n", cpu.tv_sec * 1000000000LL + cpu.tv_nsec,
	       (unsigned long long)requests);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];
	int epoll = epoll_create1(0), listener, rounds;

	if (argc != 3 || epoll < 0)
		die("server PORT WORK");
	rounds = atoi(argv[2]);
	make_response();
	listener = listen_on(atoi(argv[1]));
	watch(epoll, listener);
	watch(epoll, STDIN_FILENO);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == listener)
				accept_all(epoll, listener);
			else if (events[i].data.fd == STDIN_FILENO)
				mark();
			else
				serve(events[i].data.fd, rounds);
		}
	}
}
