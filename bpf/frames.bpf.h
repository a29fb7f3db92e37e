/* SPDX-License-Identifier: (Apache-2.0 OR GPL-2.0) */
/* Copyright The Sidelight Authors */
/*
 * HTTP/2: what a connection sends is walked frame by frame, by stream position, in the sender's own memory. See
 * RATIONALE.md.
 */
#ifndef SIDELIGHT_FRAMES_BPF_H
#define SIDELIGHT_FRAMES_BPF_H

#define FRAME_HEADER_BYTES 9
#define FRAME_DATA 0
#define FRAME_HEADERS 1
#define FRAME_RST_STREAM 3
#define FRAME_SETTINGS 4
#define FRAME_PUSH_PROMISE 5
#define FRAME_PING 6
#define FRAME_WINDOW_UPDATE 8
#define FRAME_CONTINUATION 9
#define PREFACE_BYTES 24
/* Of a peer that has not allowed more; no other protocol's first bytes read as so short a frame by chance. */
#define FRAME_LENGTH_MAX 16384

/* Sends at which a connection older than the watch, or one that lost its place, is looked at again. */
#define FRAME_TRIES 64
/* A frame takes two steps or three, a further segment one. */
#define WALK_STEPS 1024
/* A record of a busy connection is not kept longer. */
#define CHUNK_NS 50000000ULL
/* Less room than this for the payload of HEADERS is not used. */
#define PIECE_MIN 16

static __always_inline void emit(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
				 __u32 flags);
static __always_inline void log_entry(struct hop_entry entries[HOP_ENTRIES], __u32 count, __u64 at_ns, __u32 position,
				      __u8 flags);

/* Where a walk is: `at` is the user's address of the byte at `position`, `left` what its segment still holds. */
struct frame_walk {
	struct hop_state *state;
	const struct sock *sk;
	const struct tcp_sock *tp;
	__u64 segments;
	__u64 at;
	__u32 left;
	__u32 segment;
	__u32 segment_count;
	__u32 position;
	__u32 end;
	/* Bytes before it were walked at an earlier send. */
	__u32 walked;
};

static __always_inline __s32 ahead(__u32 position, __u32 of)
{
	return (__s32)(position - of);
}

static __always_inline __u32 frame_length(const __u8 *header)
{
	return (__u32)header[0] << 16 | (__u32)header[1] << 8 | header[2];
}

static __always_inline __u32 frame_stream(const __u8 *header)
{
	return (__u32)(header[5] & 0x7f) << 24 | (__u32)header[6] << 16 | (__u32)header[7] << 8 | header[8];
}

/* What no frame may be: the walk is then not where it believes to be. */
static __always_inline bool is_frame(const __u8 *header)
{
	bool on_stream =
		header[3] <= FRAME_RST_STREAM || header[3] == FRAME_PUSH_PROMISE || header[3] == FRAME_CONTINUATION;

	if (header[5] & 0x80)
		return false;
	return header[3] > FRAME_CONTINUATION || header[3] == FRAME_WINDOW_UPDATE ||
	       on_stream == (frame_stream(header) != 0);
}

/* Stricter, for bytes that nothing else says to be a frame. */
static __always_inline bool is_plausible(const __u8 *header)
{
	__u32 length = frame_length(header);
	bool odd = header[8] & 1;

	if (!is_frame(header) || length > FRAME_LENGTH_MAX)
		return false;
	switch (header[3]) {
	case FRAME_DATA:
		return odd && !(header[4] & ~9);
	case FRAME_HEADERS:
		return odd && length && (header[4] & 4) && !(header[4] & ~0x2d);
	case FRAME_RST_STREAM:
		return odd && length == 4 && !header[4];
	case FRAME_SETTINGS:
		return length % 6 == 0 && !(header[4] & ~1);
	case FRAME_PING:
		return length == 8 && !(header[4] & ~1);
	case FRAME_WINDOW_UPDATE:
		return length == 4 && !header[4];
	}
	return false;
}

static __always_inline bool is_preface(const __u8 *head)
{
	return head[0] == 'P' && head[1] == 'R' && head[2] == 'I' && head[3] == ' ' && head[4] == '*' &&
	       head[5] == ' ' && head[6] == 'H' && head[7] == 'T';
}

/* The first that an acceptor sends: of stream 0, whose last byte the peek does not hold. */
static __always_inline bool is_settings(const __u8 *head)
{
	return !head[0] && !head[1] && head[2] % 6 == 0 && head[3] == FRAME_SETTINGS && !head[4] && !head[5] &&
	       !head[6] && !head[7];
}

static __always_inline bool looks_like_frame(const struct message *message)
{
	__u8 header[FRAME_HEADER_BYTES] = {};

	if (message->segments[0].iov_len < FRAME_HEADER_BYTES ||
	    bpf_probe_read_user(header, FRAME_HEADER_BYTES, message->segments[0].iov_base))
		return false;
	return is_plausible(header);
}

static __always_inline void place_frames(struct hop_state *state, __u32 walked, __u32 next)
{
	state->frame_walked = state->frame_kept = walked;
	state->frame_next = next;
	state->frame_filled = 0;
	state->frame_lost = 0;
}

/*
 * Whether the connection speaks HTTP/2, as its first bytes say, or, where they were sent before the watch, bytes that
 * can hardly be anything else.
 */
static __always_inline bool begins_http2(struct hop_state *state, const struct message *message, const __u8 *head,
					 __u32 position)
{
	struct hop_record *record = &state->record;
	bool first = !record->exchange_index && !record->send_count;

	if (state->tls || !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop))
		return false;
	if (first && record->role == HOP_INITIATOR && is_preface(head))
		place_frames(state, position, position + PREFACE_BYTES);
	else if (first && record->role == HOP_ACCEPTOR && record->established_ns && is_settings(head))
		place_frames(state, position, position);
	else if (!record->established_ns && state->frame_tries < FRAME_TRIES) {
		state->frame_tries++;
		if (!looks_like_frame(message))
			return false;
		place_frames(state, position, position);
	} else {
		return false;
	}
	state->frame_tries = 0;
	return true;
}

/* Ends the record where it has no room for another entry of each kind, or is old. */
static __always_inline void begin_chunk(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					__u64 now)
{
	struct hop_record *record = &state->record;

	if (record->send_count >= HOP_ENTRIES || record->arrival_count >= HOP_ENTRIES ||
	    record->read_count >= HOP_ENTRIES || (state->chunk_ns && now - state->chunk_ns > CHUNK_NS)) {
		emit(state, sk, tp, 0);
		state->chunk_ns = 0;
	}
	if (!state->chunk_ns)
		state->chunk_ns = now;
}

/* Where the next bytes of frames go; another record begins where this one has no room for them. */
static __always_inline __u64 room_for(struct frame_walk *walk, __u32 bytes)
{
	struct hop_state *state = walk->state;

	if (state->record.heads_length + sizeof(struct hop_head) + bytes > HOP_HEADS_MAX)
		emit(state, walk->sk, walk->tp, 0);
	return state->record.heads_length;
}

static __always_inline void put_head(struct hop_state *state, __u64 begin, __u32 position, __u32 length)
{
	struct hop_head *head;

	barrier_var(begin);
	if (begin > HOP_HEADS_MAX - sizeof(*head))
		return;
	head = (struct hop_head *)(state->heads + begin);
	head->position = position;
	head->length = length;
	head->kind = HOP_HEAD_FRAME;
	head->pad = 0;
	state->record.heads_length = begin + sizeof(*head) + length;
}

static __always_inline void move(struct frame_walk *walk, __u32 bytes)
{
	if (bytes > walk->left)
		bytes = walk->left;
	walk->at += bytes;
	walk->left -= bytes;
	walk->position += bytes;
}

static __always_inline bool lose_place(struct frame_walk *walk)
{
	walk->state->frame_lost = 1;
	count(HOP_COUNT_FRAMES_LOST);
	return false;
}

/* The payload of HEADERS, as much as the segment and the record hold of it. */
static __always_inline bool keep_payload(struct frame_walk *walk)
{
	struct hop_state *state = walk->state;
	__u64 length = state->frame_kept - walk->position;
	__u64 begin = room_for(walk, length < PIECE_MIN ? length : PIECE_MIN);
	__u64 from = begin + sizeof(struct hop_head);

	if (length > walk->left)
		length = walk->left;
	if (from > HOP_HEADS_MAX)
		return false;
	if (length > HOP_HEADS_MAX - from)
		length = HOP_HEADS_MAX - from;
	barrier_var(length);
	barrier_var(from);
	if (length > HOP_HEADS_MAX || from > HOP_HEADS_MAX)
		return false;
	if (bpf_probe_read_user(state->heads + from, length, (const void *)walk->at))
		count(HOP_COUNT_FRAMES_UNREAD);
	else
		put_head(state, begin, walk->position, length);
	move(walk, length);
	return true;
}

/* The header that was put together: its bytes are kept, and where the next frame begins. */
static __always_inline bool take_header(struct frame_walk *walk)
{
	struct hop_state *state = walk->state;
	const __u8 *header = state->frame_header;
	bool kept = header[3] == FRAME_HEADERS || header[3] == FRAME_CONTINUATION;
	__u64 begin;

	state->frame_filled = 0;
	if (!is_frame(header))
		return lose_place(walk);
	state->frame_next = walk->position + frame_length(header);
	state->frame_kept = kept ? state->frame_next : walk->position;
	begin = room_for(walk, FRAME_HEADER_BYTES);
	barrier_var(begin);
	if (begin > HOP_HEADS_MAX - sizeof(struct hop_head) - FRAME_HEADER_BYTES)
		return false;
	__builtin_memcpy(state->heads + begin + sizeof(struct hop_head), header, FRAME_HEADER_BYTES);
	put_head(state, begin, walk->position - FRAME_HEADER_BYTES, FRAME_HEADER_BYTES);
	return true;
}

static __always_inline bool keep_header(struct frame_walk *walk)
{
	struct hop_state *state = walk->state;
	__u64 filled = state->frame_filled;
	__u64 length = walk->left;

	if (filled >= FRAME_HEADER_BYTES)
		return false;
	if (length > FRAME_HEADER_BYTES - filled)
		length = FRAME_HEADER_BYTES - filled;
	barrier_var(length);
	barrier_var(filled);
	if (length > FRAME_HEADER_BYTES || filled >= FRAME_HEADER_BYTES)
		return false;
	if (bpf_probe_read_user(state->frame_header + filled, length, (const void *)walk->at)) {
		count(HOP_COUNT_FRAMES_UNREAD);
		return lose_place(walk);
	}
	move(walk, length);
	state->frame_filled = filled + length;
	return state->frame_filled < FRAME_HEADER_BYTES || take_header(walk);
}

static __always_inline bool next_segment(struct frame_walk *walk)
{
	struct iovec segment = {};

	if (walk->segment >= walk->segment_count ||
	    bpf_probe_read_kernel(&segment, sizeof(segment),
				  (const void *)(walk->segments + walk->segment * sizeof(segment))))
		return false;
	walk->segment++;
	walk->at = (__u64)segment.iov_base;
	walk->left = segment.iov_len > 1 << 30 ? 1 << 30 : segment.iov_len;
	return true;
}

/* One step: into the next segment, to where something is to be read, or what is to be read there. 1 ends the walk. */
static long walk_step(__u32 index, struct frame_walk *walk)
{
	struct hop_state *state = walk->state;

	if (ahead(walk->end, walk->position) <= 0)
		return 1;
	if (!walk->left)
		return !next_segment(walk);
	if (ahead(walk->walked, walk->position) > 0)
		move(walk, walk->walked - walk->position);
	else if (ahead(state->frame_kept, walk->position) > 0)
		return !keep_payload(walk);
	else if (ahead(state->frame_next, walk->position) > 0)
		move(walk, state->frame_next - walk->position);
	else
		return !keep_header(walk);
	return 0;
}

static __always_inline void walk_frames(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					const struct iov_iter *iter, const struct message *message)
{
	struct frame_walk walk = {
		.state = state,
		.sk = sk,
		.tp = tp,
		.segments = (__u64)fix_iter_iov(iter) + sizeof(struct iovec),
		.at = (__u64)message->segments[0].iov_base,
		.left = message->segments[0].iov_len > 1 << 30 ? 1 << 30 : message->segments[0].iov_len,
		.segment_count = message->segment_count > 1 ? iter->nr_segs - 1 : 0,
		.position = tp->write_seq,
		.end = tp->write_seq + (__u32)message->bytes,
		.walked = state->frame_walked,
	};

	bpf_loop(WALK_STEPS, walk_step, &walk, 0);
	if (ahead(walk.position, state->frame_walked) > 0)
		state->frame_walked = walk.position;
}

/* Whether the walk can go on at these bytes. One that has lost its place takes it up where a frame seems to begin. */
static __always_inline bool is_placed(struct hop_state *state, const struct message *message, __u32 position)
{
	bool missed = ahead(position, state->frame_walked) > 0;

	if (!state->frame_lost && missed && (state->frame_filled || ahead(position, state->frame_next) > 0)) {
		state->frame_lost = 1;
		count(HOP_COUNT_FRAMES_LOST);
	}
	if (!state->frame_lost)
		return true;
	if (state->frame_tries >= FRAME_TRIES)
		return false;
	state->frame_tries++;
	if (!looks_like_frame(message))
		return false;
	place_frames(state, position, position);
	return true;
}

static __always_inline void frames_on_send(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					   const struct iov_iter *iter, const struct message *message, __u64 now)
{
	struct hop_record *record = &state->record;

	begin_chunk(state, sk, tp, now);
	if (!record->send_count) {
		record->send_start = tp->write_seq;
		record->sender_tgid = pid_of_current();
	}
	log_entry(record->sends, record->send_count, now, tp->write_seq, 0);
	record->send_count++;
	record->srtt_us = tp->srtt_us >> 3;
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop) && message->segment_count &&
	    is_placed(state, message, tp->write_seq))
		walk_frames(state, sk, tp, iter, message);
}

static __always_inline void frames_on_arrival(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					      __u32 end, __u64 now)
{
	struct hop_record *record = &state->record;

	begin_chunk(state, sk, tp, now);
	if (!record->arrival_count)
		record->receive_start = tp->copied_seq;
	log_entry(record->arrivals, record->arrival_count, now, end, 0);
	record->arrival_count++;
}

static __always_inline void frames_on_read(struct hop_state *state, const struct sock *sk, const struct tcp_sock *tp,
					   __u64 now)
{
	struct hop_record *record = &state->record;

	begin_chunk(state, sk, tp, now);
	if (!record->read_count)
		record->reader_tgid = pid_of_current();
	log_entry(record->reads, record->read_count, now, tp->copied_seq, 0);
	record->receive_end = tp->copied_seq;
	record->read_count++;
}

#endif
