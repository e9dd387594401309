/*
 * A fleet of SIP phones in one process: owns every address of a prefix and answers OPTIONS for those that live.
 *
 *   fleet BASE BITS LIVE USER_AGENTS LOSS
 *
 * BASE/BITS is the prefix; LIVE a file with one bit an address, lowest first; USER_AGENTS a file with one a line; LOSS per cent of the
 * requests, and as many of the answers, that get lost on the way (netem is not in every kernel). Says "ready" once it listens; at
 * SIGTERM one line of JSON: requests asked, answered, lost by LOSS, and dropped because the socket was full.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { BATCH = 256, LONGEST = 2048, MOST_AGENTS = 256, MEMINFO_DROPS = 8, MEMINFO_VARS = 9 };

/* 65,536 phones have 65,536 socket buffers; this one stands for all of them. */
static const int RECEIVE_BUFFER = 128 << 20;

static uint32_t base, size;
static uint8_t *live;
static char *agents[MOST_AGENTS];
static unsigned agent_count, loss;
static unsigned long asked, answered, lost;
static volatile sig_atomic_t stopping;

static void stop(int signal) { (void)signal; stopping = 1; }

static void fail(const char *what) { perror(what); exit(1); }

static void *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path);
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*length + 1);
  if (bytes == NULL || fread(bytes, 1, *length, file) != *length) fail(path);
  bytes[*length] = 0;
  fclose(file);
  return bytes;
}

/* xorshift32. */
static bool is_lost(void) {
  static uint32_t state = 2463534242u;
  state ^= state << 13, state ^= state >> 17, state ^= state << 5;
  if (loss == 0 || state % 100 >= loss) return false;
  lost++;
  return true;
}

struct writer { char *at, *end; };

static void put(struct writer *out, const char *text, size_t length) {
  if ((size_t)(out->end - out->at) < length) length = (size_t)(out->end - out->at);
  memcpy(out->at, text, length);
  out->at += length;
}

static void put_text(struct writer *out, const char *text) { put(out, text, strlen(text)); }

static bool is_named(const char *line, size_t length, const char *name, char compact) {
  size_t named = strlen(name);
  if (length > named && strncasecmp(line, name, named) == 0) return line[named] == ':' || line[named] == ' ';
  return length > 1 && (line[0] | 32) == compact && (line[1] == ':' || line[1] == ' ');
}

/* RFC 3581 section 4: rport gets the source port as its value, and received is then always added. */
static void put_via(struct writer *out, const char *line, size_t length, const struct sockaddr_in *from) {
  const char *rport = memmem(line, length, ";rport", 6);
  size_t before = rport == NULL ? length : (size_t)(rport - line) + 6;
  char text[64], address[INET_ADDRSTRLEN];
  put(out, line, before);
  if (rport != NULL) snprintf(text, sizeof text, "=%u", ntohs(from->sin_port)), put_text(out, text);
  put(out, line + before, length - before);
  inet_ntop(AF_INET, &from->sin_addr, address, sizeof address);
  snprintf(text, sizeof text, ";received=%s\r\n", address);
  put_text(out, text);
}

static size_t answer(const char *request, size_t length, uint32_t index, const struct sockaddr_in *from, char *reply) {
  struct writer out = {reply, reply + LONGEST};
  const char *end = request + length, *line = memchr(request, '\n', length);
  bool seen_via = false;
  char text[64];
  if (length < 8 || memcmp(request, "OPTIONS ", 8) != 0) return 0;
  put_text(&out, "SIP/2.0 200 OK\r\n");
  while (line != NULL && ++line < end) {
    const char *next = memchr(line, '\n', (size_t)(end - line));
    size_t size_of_line = (size_t)((next == NULL ? end : next) - line);
    if (size_of_line > 0 && line[size_of_line - 1] == '\r') size_of_line--;
    if (size_of_line == 0) break;
    if (!seen_via && is_named(line, size_of_line, "Via", 'v')) {
      seen_via = true;
      put_via(&out, line, size_of_line, from);
    } else if (is_named(line, size_of_line, "To", 't')) {
      put(&out, line, size_of_line);
      snprintf(text, sizeof text, ";tag=%08x\r\n", index * 2654435761u);
      put_text(&out, text);
    } else if (is_named(line, size_of_line, "Via", 'v') || is_named(line, size_of_line, "From", 'f') ||
               is_named(line, size_of_line, "Call-ID", 'i') || is_named(line, size_of_line, "CSeq", '\n')) {
      put(&out, line, size_of_line);
      put_text(&out, "\r\n");
    }
    line = next;
  }
  put_text(&out, "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nUser-Agent: ");
  put_text(&out, agents[index % agent_count]);
  put_text(&out, "\r\nContent-Length: 0\r\n\r\n");
  return (size_t)(out.at - reply);
}

static struct in_pktinfo *asked_of(struct msghdr *message) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c))
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) return (struct in_pktinfo *)CMSG_DATA(c);
  return NULL;
}

struct slot {
  struct sockaddr_in peer;
  struct iovec in, out;
  char control[CMSG_SPACE(sizeof(struct in_pktinfo))], request[LONGEST], reply[LONGEST];
};
static struct slot slots[BATCH];
static struct mmsghdr received[BATCH], replies[BATCH];

static bool answer_slot(struct slot *slot, size_t length, struct msghdr *reply) {
  struct msghdr *request = &received[slot - slots].msg_hdr;
  struct in_pktinfo *info = asked_of(request);
  if (info == NULL) return false;
  uint32_t index = ntohl(info->ipi_addr.s_addr) - base;
  asked++;
  if (index >= size || !(live[index >> 3] >> (index & 7) & 1) || is_lost()) return false;
  size_t bytes = answer(slot->request, length, index, &slot->peer, slot->reply);
  if (bytes == 0 || is_lost()) return false;
  /* The answer leaves from the address that was asked: the same control message, its source set. */
  info->ipi_spec_dst = info->ipi_addr;
  info->ipi_ifindex = 0;
  slot->out = (struct iovec){slot->reply, bytes};
  *reply = (struct msghdr){.msg_name = &slot->peer, .msg_namelen = sizeof slot->peer, .msg_iov = &slot->out,
                           .msg_iovlen = 1, .msg_control = slot->control, .msg_controllen = sizeof slot->control};
  return true;
}

static void send_all(int socket, unsigned count) {
  for (unsigned sent = 0; sent < count;) {
    int n = sendmmsg(socket, replies + sent, count - sent, 0);
    if (n > 0) answered += (unsigned)n, sent += (unsigned)n;
    else if (errno != EINTR) sent++; /* the one at the front cannot leave: it is lost, as on a real link */
  }
}

static void serve(int socket) {
  while (!stopping) {
    for (unsigned i = 0; i < BATCH; i++) {
      slots[i].in = (struct iovec){slots[i].request, LONGEST};
      received[i].msg_hdr = (struct msghdr){.msg_name = &slots[i].peer, .msg_namelen = sizeof slots[i].peer,
                                            .msg_iov = &slots[i].in, .msg_iovlen = 1, .msg_control = slots[i].control,
                                            .msg_controllen = sizeof slots[i].control};
    }
    int n = recvmmsg(socket, received, BATCH, MSG_WAITFORONE, NULL);
    unsigned count = 0;
    for (int i = 0; i < n; i++)
      if (answer_slot(&slots[i], received[i].msg_len, &replies[count].msg_hdr)) count++;
    send_all(socket, count);
  }
}

static int open_socket(void) {
  int one = 1, socket_ = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(5060)};
  if (socket_ < 0) fail("socket");
  setsockopt(socket_, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
  setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &RECEIVE_BUFFER, sizeof RECEIVE_BUFFER);
  if (bind(socket_, (struct sockaddr *)&any, sizeof any) != 0) fail("port 5060");
  return socket_;
}

int main(int argc, char **argv) {
  struct in_addr network;
  size_t length;
  if (argc != 6 || inet_pton(AF_INET, argv[1], &network) != 1) {
    fprintf(stderr, "usage: fleet BASE BITS LIVE USER_AGENTS LOSS\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* the bench may be killed: no fleet outlives it */
  base = ntohl(network.s_addr);
  size = 1u << (32 - atoi(argv[2]));
  live = read_file(argv[3], &length);
  if (length * 8 < size) fail("LIVE is too short for the prefix");
  for (char *line = strtok(read_file(argv[4], &length), "\r\n"); line != NULL && agent_count < MOST_AGENTS;
       line = strtok(NULL, "\r\n"))
    agents[agent_count++] = line;
  loss = (unsigned)atoi(argv[5]);
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
  int socket_ = open_socket();
  printf("ready\n"), fflush(stdout);
  serve(socket_);
  uint32_t memory[MEMINFO_VARS] = {0};
  socklen_t memory_length = sizeof memory;
  getsockopt(socket_, SOL_SOCKET, SO_MEMINFO, memory, &memory_length);
  printf("{\"asked\":%lu,\"answered\":%lu,\"lost\":%lu,\"dropped\":%u}\n", asked, answered, lost,
         memory[MEMINFO_DROPS]);
  return 0;
}
