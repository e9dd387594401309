/*
 * The sweep of reference.ts once more in C, a batch of datagrams a system call: about as fast as this machine can ask.
 *
 *   sweeper BASE BITS
 *
 * Three rounds over those that have not answered; half a second between the rounds and two seconds after the last. Prints the
 * addresses found, one a line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, LONGEST = 1024, HEARD = 2048, NONCE = 16, ROUNDS = 3, ROUND_MS = 500, WAIT_MS = 2000 };

static uint32_t base, size, found;
static uint8_t *answered;
static uint64_t key;
static int udp;
static char own[64];

static void fail(const char *what) { perror(what); exit(1); }

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Keyed by mixing (splitmix64): only who was asked knows it. */
static uint64_t nonce_of(uint32_t address) {
  uint64_t z = key ^ ((uint64_t)address * 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static size_t build(char *out, uint32_t address) {
  char to[INET_ADDRSTRLEN];
  uint32_t network = htonl(address);
  unsigned long long nonce = nonce_of(address);
  inet_ntop(AF_INET, &network, to, sizeof to);
  return (size_t)snprintf(out, LONGEST,
                          "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%016llx;rport\r\n"
                          "Max-Forwards: 70\r\nFrom: <sip:sweep@%s>;tag=1\r\nTo: <sip:%s>\r\nCall-ID: %016llx@sweep\r\n"
                          "CSeq: 1 OPTIONS\r\nContact: <sip:sweep@%s>\r\nAccept: application/sdp\r\n"
                          "User-Agent: sweep\r\nContent-Length: 0\r\n\r\n",
                          to, own, nonce, own, to, nonce, own);
}

static bool is_answered(uint32_t index) { return answered[index >> 3] >> (index & 7) & 1; }

static void hear(char *bytes, size_t length, const struct sockaddr_in *from) {
  uint32_t address = ntohl(from->sin_addr.s_addr), index = address - base;
  char nonce[NONCE + 1];
  if (index >= size || is_answered(index)) return;
  snprintf(nonce, sizeof nonce, "%016llx", (unsigned long long)nonce_of(address));
  if (memmem(bytes, length, nonce, NONCE) == NULL) return;
  answered[index >> 3] |= (uint8_t)(1 << (index & 7));
  found++;
}

static void receive(void) {
  static char bytes[BATCH][HEARD];
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  static struct sockaddr_in from[BATCH];
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){bytes[i], HEARD};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int n = recvmmsg(udp, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) hear(bytes[i], messages[i].msg_len, &from[i]);
    if (n < BATCH) return;
  }
}

static void listen_for(int64_t ms) {
  int64_t until = now_ms() + ms, left;
  while (found < size && (left = until - now_ms()) > 0) {
    poll(&(struct pollfd){.fd = udp, .events = POLLIN}, 1, (int)left);
    receive();
  }
}

static void send_batch(struct mmsghdr *messages, unsigned count) {
  for (unsigned sent = 0; sent < count;) {
    int n = sendmmsg(udp, messages + sent, count - sent, 0);
    if (n > 0) sent += (unsigned)n;
    else if (errno != EINTR) sent++;
  }
  receive();
}

static void ask_all(void) {
  static char bytes[BATCH][LONGEST];
  static struct mmsghdr messages[BATCH];
  static struct iovec parts[BATCH];
  static struct sockaddr_in to[BATCH];
  unsigned count = 0;
  for (uint32_t index = 0; index < size; index++) {
    if (is_answered(index)) continue;
    to[count] = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(5060), .sin_addr.s_addr = htonl(base + index)};
    parts[count] = (struct iovec){bytes[count], build(bytes[count], base + index)};
    messages[count].msg_hdr = (struct msghdr){
        .msg_name = &to[count], .msg_namelen = sizeof to[count], .msg_iov = &parts[count], .msg_iovlen = 1};
    if (++count < BATCH) continue;
    send_batch(messages, count);
    count = 0;
  }
  send_batch(messages, count);
}

/* The address that answers come back to: what the kernel would send from. */
static void open_socket(void) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(5060), .sin_addr.s_addr = htonl(base + 1)}, local;
  socklen_t length = sizeof local;
  int probe = socket(AF_INET, SOCK_DGRAM, 0), buffer = 4 << 20;
  char address[INET_ADDRSTRLEN];
  if (connect(probe, (struct sockaddr *)&to, sizeof to) != 0) fail("no route");
  getsockname(probe, (struct sockaddr *)&local, &length);
  local.sin_port = 0;
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (bind(udp, (struct sockaddr *)&local, sizeof local) != 0) fail("bind");
  getsockname(udp, (struct sockaddr *)&local, &length);
  inet_ntop(AF_INET, &local.sin_addr, address, sizeof address);
  snprintf(own, sizeof own, "%s:%u", address, ntohs(local.sin_port));
}

int main(int argc, char **argv) {
  struct in_addr network;
  if (argc != 3 || inet_pton(AF_INET, argv[1], &network) != 1) {
    fprintf(stderr, "usage: sweeper BASE BITS\n");
    return 2;
  }
  base = ntohl(network.s_addr);
  size = 1u << (32 - atoi(argv[2]));
  answered = calloc((size + 7) / 8, 1);
  if (answered == NULL || getrandom(&key, sizeof key, 0) != sizeof key) fail("start");
  open_socket();
  for (int round = 0; round < ROUNDS && found < size; round++) {
    ask_all();
    listen_for(round + 1 < ROUNDS ? ROUND_MS : WAIT_MS);
  }
  for (uint32_t index = 0; index < size; index++)
    if (is_answered(index)) puts(inet_ntoa((struct in_addr){htonl(base + index)}));
  return 0;
}
