/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Sidelight Authors */
/*
 * What the oracle's callers and apps share: the plan of a call, the clock around each system call, the log of what was
 * seen. Times are CLOCK_MONOTONIC nanoseconds, pauses of a plan are microseconds.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define APP_PORT_DEFAULT 9080
#define PLAN_TEXT_MAX 96
#define BODY_MAX 65536
#define CALLS_MAX (1 << 20)

/* Clock readings just before and just after one system call. */
struct bracket {
	uint64_t before;
	uint64_t after;
};

/* What is to happen in one call; a function of the seed, the call's number and the longest work alone. */
struct plan {
	uint32_t number;
	uint32_t request_bytes;
	uint32_t response_bytes;
	/* The caller, between the halves of its request. */
	uint32_t upload_pause;
	/* The app, between the arrival of the request and its read; between that and its response; between the
	 * response's halves. */
	uint32_t queue_pause;
	uint32_t work_pause;
	uint32_t body_pause;
	/* The caller, between the arrival of the response and its read. */
	uint32_t read_pause;
	/* The app refuses so many attempts with 503. */
	uint32_t refusals;
};

/* One exchange as one of the two programs saw it. */
struct exchange {
	uint32_t number;
	uint32_t attempt;
	/* The program's own port at the caller, its peer's at the app. */
	uint16_t port;
	int status;
	struct bracket first_send;
	struct bracket last_send;
	struct bracket last_read;
	/* By then all that was to be read lay in the socket; 0 where that was not seen. */
	uint64_t ready;
};

__attribute__((noreturn)) void die(const char *what);
uint64_t now_nanos(void);
void pause_micros(uint32_t micros);
/* Sleeps end when they should, not up to 50 us later. */
void exact_timers(void);

/* The app's work takes up to so many microseconds. */
struct plan make_plan(uint64_t seed, uint32_t number, uint32_t longest_work);
/* What the app has to know, as a header's value. */
void print_plan(const struct plan *plan, char text[PLAN_TEXT_MAX]);
int scan_plan(const char *text, struct plan *plan);
void print_request_id(uint64_t seed, uint32_t number, char text[37]);
/* How often the app has been asked for that call, this time included. */
uint32_t count_attempt(uint32_t number);
void fill(char *body, size_t length);

/* Sends all of it and keeps the bracket of the last send. */
void send_all(int fd, const char *bytes, size_t length, struct bracket *last);
/* Bytes that lie in the socket. */
size_t bytes_ready(int fd);
int listen_on(int port);
void without_delay(int fd);

/* Opens the log that the environment's CALL_LOG names. */
void open_log(void);
void log_exchange(const char *request_id, const struct exchange *exchange);

#endif
