/*
 * The floor of the benchmark: a pod start by hand, as a bare sequence of system calls and process spawns with nothing
 * between them. Reads a plan from the file that it is given, one step a line, words separated by tabs; prints `NAME NANOSECONDS` for
 * each mark. It knows nothing of pods: bench/floor.ts writes the plans. Ends at the first step that fails.
 *
 *   ns DIR                       new net, ipc and uts namespaces, lo up, pinned by bind mounts on DIR/net, DIR/ipc, DIR/uts
 *   overlay OPTIONS TARGET       mount(2) of an overlay
 *   concat OUT A B C             OUT is the content of the files A, B and C (a CNI result becomes the next one's prevResult)
 *   run IN OUT N ENV... ARGV...  posix_spawn with N environment words, wait, exit code must be 0
 *   mark NAME                    time since the last mark
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_words = 128, max_file = 1 << 20 };

static void fail(const char *step, const char *detail) {
  fprintf(stderr, "floor: %s %s: %s\n", step, detail, strerror(errno));
  exit(1);
}

static long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pin(const char *kind, const char *dir) {
  char from[64], to[4096];
  snprintf(from, sizeof from, "/proc/self/ns/%s", kind);
  snprintf(to, sizeof to, "%s/%s", dir, kind);
  int fd = open(to, O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
  if (fd < 0) fail("create", to);
  close(fd);
  if (mount(from, to, NULL, MS_BIND, NULL) != 0) fail("bind", to);
}

static void lo_up(void) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0) fail("up", "lo");
  close(fd);
}

static void make_namespaces(const char *dir) {
  pid_t child = fork();
  if (child < 0) fail("fork", dir);
  if (child == 0) {
    if (unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) != 0) fail("unshare", dir);
    lo_up();
    pin("net", dir);
    pin("ipc", dir);
    pin("uts", dir);
    _exit(0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) fail("namespaces", dir);
}

static void append_file(int out, const char *path) {
  static char buffer[max_file];
  int in = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = in < 0 ? -1 : read(in, buffer, sizeof buffer);
  if (length < 0 || write(out, buffer, (size_t)length) != length) fail("append", path);
  close(in);
}

static void concat(char **words) {
  int out = open(words[1], O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (out < 0) fail("create", words[1]);
  for (int i = 2; words[i] != NULL; i++) append_file(out, words[i]);
  close(out);
}

static void run(char **words) {
  int env_count = atoi(words[3]);
  char *env[max_words];
  for (int i = 0; i < env_count; i++) env[i] = words[4 + i];
  env[env_count] = NULL;
  char **argv = words + 4 + env_count;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, words[1], O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, words[2], O_CREAT | O_TRUNC | O_WRONLY, 0600);
  pid_t child;
  errno = posix_spawn(&child, argv[0], &files, NULL, argv, env);
  if (errno != 0) fail("spawn", argv[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) fail("run", argv[0]);
  posix_spawn_file_actions_destroy(&files);
}

int main(int argc, char **argv) {
  FILE *plan = argc == 2 ? fopen(argv[1], "re") : NULL;
  if (plan == NULL) fail("open", "the plan");
  static char line[65536];
  long long last = now_ns();
  while (fgets(line, sizeof line, plan) != NULL) {
    char *words[max_words + 1], *rest = line;
    int count = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *word; count < max_words && (word = strsep(&rest, "\t")) != NULL;) words[count++] = word;
    words[count] = NULL;
    if (strcmp(words[0], "ns") == 0) make_namespaces(words[1]);
    else if (strcmp(words[0], "overlay") == 0) {
      if (mount("overlay", words[2], "overlay", 0, words[1]) != 0) fail("overlay", words[2]);
    } else if (strcmp(words[0], "concat") == 0) concat(words);
    else if (strcmp(words[0], "run") == 0) run(words);
    else if (strcmp(words[0], "mark") == 0) {
      long long now = now_ns();
      printf("%s %lld\n", words[1], now - last);
      fflush(stdout);
      last = now_ns();
    } else fail("unknown step", words[0]);
  }
  return 0;
}
