// Stands in for the system's calls on the files below one folder, counts them, and lets the Nth go wrong.
//
//   cc -shared -fPIC -o faults.so faults.c -ldl
//   FAULT_ROOT=/folder FAULT_AT=17 FAULT_MODE=kill FAULT_LOG=/elsewhere/log LD_PRELOAD=./faults.so PROGRAM
//
// FAULT_MODE  kill: the process ends before the call; torn: a write ends it half way; short: a write is done half;
//             do: FAULT_DO is run by a shell before the call; EIO, ENOSPC, EACCES, EINTR, EMFILE: the call fails with it, without having done anything;
//             EAGAIN: a thread is not begun
// FAULT_ON    set: all calls from the Nth on fail
// FAULT_ONLY  the names of the calls that count, each between commas: ,fsync,rename,
// FAULT_FILE  the end of the names of the files that count
// FAULT_LOG   gets a line when the fault is reached: number, call, path
// Paths that do not begin with a slash count as below the folder.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 65536 };
static char *_Atomic names[FILES]; // of our open files
static atomic_long count;
static const char *root, *mode, *only, *file, *logfile;
static long at;
static int sticks, code;

__attribute__((constructor)) static void start(void) {
  root = getenv("FAULT_ROOT");
  mode = getenv("FAULT_MODE");
  only = getenv("FAULT_ONLY");
  file = getenv("FAULT_FILE");
  logfile = getenv("FAULT_LOG");
  const char *number = getenv("FAULT_AT");
  at = number ? atol(number) : 0;
  sticks = getenv("FAULT_ON") != NULL;
  if (!mode) mode = "";
  static const struct { const char *name; int code; } codes[] = {
    {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EACCES", EACCES}, {"EINTR", EINTR}, {"EMFILE", EMFILE},
    {"EAGAIN", EAGAIN}};
  for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++)
    if (!strcmp(mode, codes[i].name)) code = codes[i].code;
}

static int is_below(const char *path) {
  if (!root || !path) return 0;
  if (path[0] != '/') return path[0] != 0;
  size_t length = strlen(root);
  return !strncmp(path, root, length) && (path[length] == '/' || path[length] == 0);
}

static int is_file(int fd) { return fd >= 0 && fd < FILES && names[fd]; }

static int is_one_of(const char *name, const char *names) {
  char word[64];
  snprintf(word, sizeof word, ",%s,", name);
  return strstr(names, word) != NULL;
}

// Whether an error is one that the call can have.
static int fits(const char *name, const char *path) {
  if (only && !is_one_of(name, only)) return 0;
  if (code == EAGAIN || !strcmp(name, "thread")) return code == EAGAIN && !strcmp(name, "thread");
  if (file) {
    size_t length = strlen(file), whole = strlen(path);
    if (whole < length || strcmp(path + whole - length, file)) return 0;
  }
  if (!strcmp(mode, "torn") || !strcmp(mode, "short")) return is_one_of(name, ",write,pwrite,");
  if (code == ENOSPC)
    return is_one_of(name, ",write,pwrite,create,fsync,fdatasync,ftruncate,rename,mkdir,mmap,");
  if (code == EACCES) return is_one_of(name, ",open,create,rename,unlink,mkdir,stat,");
  if (code == EINTR) return is_one_of(name, ",open,create,read,pread,write,pwrite,");
  if (code == EMFILE) return is_one_of(name, ",open,create,");
  return 1;
}

static void tell(long number, const char *name, const char *path) {
  if (!logfile) return;
  char line[4500];
  int length = snprintf(line, sizeof line, "%ld %s %s\n", number, name, path);
  int out = syscall(SYS_openat, AT_FDCWD, logfile, O_WRONLY | O_CREAT | O_APPEND, 0644);
  syscall(SYS_write, out, line, length);
  syscall(SYS_close, out);
}

static void end(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call; 1: it fails, 2: it is done half.
static int fault(const char *name, const char *path, int fd) {
  if (!path) path = names[fd];
  if (!at || !path || !fits(name, path)) return 0;
  long number = atomic_fetch_add(&count, 1) + 1;
  if (number < at || (number > at && !sticks)) return 0;
  if (number == at) tell(number, name, path);
  if (!strcmp(mode, "kill")) end();
  if (!strcmp(mode, "do")) {
    setenv("FAULT_AT", "0", 1);
    system(getenv("FAULT_DO"));
    return 0;
  }
  if (!code) return 2;
  errno = code;
  return 1;
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

// A name is never freed: another thread may be looking at it.
static int opened(int fd, const char *name) {
  if (fd >= 0 && fd < FILES) names[fd] = name ? strdup(name) : NULL;
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, name, const char *, int, ...); \
    va_list list; \
    va_start(list, flags); \
    mode_t bits = flags & O_CREAT ? va_arg(list, int) : 0; \
    va_end(list); \
    int is_ours = is_below(path); \
    if (is_ours && fault(flags & O_CREAT ? "create" : "open", path, -1) == 1) return -1; \
    return opened(real(path, flags, bits), is_ours ? path : NULL); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(int, close, int);
  if (fd >= 0 && fd < FILES) names[fd] = NULL;
  return real(fd);
}

#define FCNTL(name) \
  int name(int fd, int command, ...) { \
    REAL(int, name, int, int, ...); \
    va_list list; \
    va_start(list, command); \
    void *argument = va_arg(list, void *); \
    va_end(list); \
    if (is_file(fd) && fault("fcntl", NULL, fd) == 1) return -1; \
    return real(fd, command, argument); \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

#define ON_FILE(type, name, kind, parameters, arguments, ...) \
  type name parameters { \
    REAL(type, name, __VA_ARGS__); \
    if (is_file(fd) && fault(kind, NULL, fd) == 1) return -1; \
    return real arguments; \
  }
ON_FILE(int, fsync, "fsync", (int fd), (fd), int)
ON_FILE(int, fdatasync, "fdatasync", (int fd), (fd), int)
ON_FILE(int, ftruncate, "ftruncate", (int fd, off_t size), (fd, size), int, off_t)
ON_FILE(int, ftruncate64, "ftruncate", (int fd, off64_t size), (fd, size), int, off64_t)
ON_FILE(ssize_t, read, "read", (int fd, void *to, size_t size), (fd, to, size), int, void *, size_t)
ON_FILE(ssize_t, pread, "pread", (int fd, void *to, size_t size, off_t from), (fd, to, size, from), int, void *, size_t, off_t)
ON_FILE(ssize_t, pread64, "pread", (int fd, void *to, size_t size, off64_t from), (fd, to, size, from), int, void *, size_t, off64_t)
ON_FILE(int, fstat, "stat", (int fd, struct stat *to), (fd, to), int, struct stat *)
ON_FILE(int, fstat64, "stat", (int fd, struct stat64 *to), (fd, to), int, struct stat64 *)

#define WRITE(name, kind, parameters, whole, half, ...) \
  ssize_t name parameters { \
    REAL(ssize_t, name, __VA_ARGS__); \
    int kindOfFault = is_file(fd) ? fault(kind, NULL, fd) : 0; \
    if (kindOfFault == 1) return -1; \
    if (kindOfFault == 2) { \
      ssize_t done = real half; \
      if (!strcmp(mode, "torn")) end(); \
      return done; \
    } \
    return real whole; \
  }
WRITE(write, "write", (int fd, const void *from, size_t size), (fd, from, size), (fd, from, (size + 1) / 2), int, const void *, size_t)
WRITE(pwrite, "pwrite", (int fd, const void *from, size_t size, off_t to), (fd, from, size, to), (fd, from, (size + 1) / 2, to), int, const void *, size_t, off_t)
WRITE(pwrite64, "pwrite", (int fd, const void *from, size_t size, off64_t to), (fd, from, size, to), (fd, from, (size + 1) / 2, to), int, const void *, size_t, off64_t)

#define ON_PATH(name, kind, parameters, arguments, ...) \
  int name parameters { \
    REAL(int, name, __VA_ARGS__); \
    if (is_below(path) && fault(kind, path, -1) == 1) return -1; \
    return real arguments; \
  }
ON_PATH(rename, "rename", (const char *path, const char *to), (path, to), const char *, const char *)
ON_PATH(unlink, "unlink", (const char *path), (path), const char *)
ON_PATH(mkdir, "mkdir", (const char *path, mode_t bits), (path, bits), const char *, mode_t)
ON_PATH(rmdir, "rmdir", (const char *path), (path), const char *)
ON_PATH(stat, "stat", (const char *path, struct stat *to), (path, to), const char *, struct stat *)
ON_PATH(stat64, "stat", (const char *path, struct stat64 *to), (path, to), const char *, struct stat64 *)
ON_PATH(lstat, "stat", (const char *path, struct stat *to), (path, to), const char *, struct stat *)
ON_PATH(lstat64, "stat", (const char *path, struct stat64 *to), (path, to), const char *, struct stat64 *)

#define MAP(name, offset) \
  void *name(void *place, size_t size, int protection, int flags, int fd, offset from) { \
    REAL(void *, name, void *, size_t, int, int, int, offset); \
    if (is_file(fd) && fault("mmap", NULL, fd) == 1) return MAP_FAILED; \
    return real(place, size, protection, flags, fd, from); \
  }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
  REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  if (fault("thread", "thread", -1) == 1) return code;
  return real(thread, attributes, body, context);
}
