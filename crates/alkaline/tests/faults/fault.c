/* Makes the n-th file operation below a directory fail, and counts them: loaded with LD_PRELOAD by tests.
 *
 * FAULT_BELOW  directory
 * FAULT_AT     number of the first operation that fails (0: none)
 * FAULT_ERRNO  what it fails with
 * FAULT_STAYS  whether everything that writes fails from then on (a full disk)
 * FAULT_COUNT  file that the number of operations is written to at the end
 * FAULT_LOCKS  errno that every flock fails with
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char below[PATH_MAX], here[PATH_MAX];
static long at, code, stays;
static atomic_long calls;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULT_BELOW");
    if (!getcwd(here, sizeof here)) here[0] = 0;
    if (text) snprintf(below, sizeof below, "%s", text);
    at = (text = getenv("FAULT_AT")) ? atol(text) : 0;
    code = (text = getenv("FAULT_ERRNO")) ? atol(text) : EIO;
    stays = getenv("FAULT_STAYS") != NULL;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

static int is_below(const char *path) {
    char whole[2 * PATH_MAX];
    size_t length = strlen(below);
    if (!length || !path) return 0;
    if (path[0] != '/') {
        snprintf(whole, sizeof whole, "%s/%s", here, path);
        path = whole;
    }
    return strncmp(path, below, length) == 0 && (path[length] == '/' || !path[length]);
}

static int fd_is_below(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

static int at_is_below(int folder, const char *path) {
    if (folder == AT_FDCWD || (path && path[0] == '/')) return is_below(path);
    return fd_is_below(folder);
}

/* Whether this operation fails; `frees` when it needs no space. */
static int fails(int is_meant, int frees) {
    if (!is_meant) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (!at || number < at || (number > at && (!stays || frees))) return 0;
    if (number == at && stays && frees) return 0;
    errno = (int)code;
    return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, #name)
#define WRITES(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))
#define MODE mode_t mode = 0; if (flags & O_CREAT) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }

#define OPEN(name) int name(const char *path, int flags, ...) { MODE REAL(int, name, const char *, int, ...); \
    return fails(WRITES(flags) && is_below(path), 0) ? -1 : real(path, flags, mode); }
#define OPENAT(name) int name(int folder, const char *path, int flags, ...) { MODE REAL(int, name, int, const char *, int, ...); \
    return fails(WRITES(flags) && at_is_below(folder, path), 0) ? -1 : real(folder, path, flags, mode); }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    return fails(fd > 2 && fd_is_below(fd), 0) ? -1 : real(fd, data, size);
}
ssize_t writev(int fd, const struct iovec *data, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    return fails(fd > 2 && fd_is_below(fd), 0) ? -1 : real(fd, data, count);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
    return fails(fd_is_below(fd), 0) ? -1 : real(fd, data, size, offset);
}
int fsync(int fd) { REAL(int, fsync, int); return fails(fd_is_below(fd), 0) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); return fails(fd_is_below(fd), 0) ? -1 : real(fd); }
int ftruncate(int fd, off_t size) { REAL(int, ftruncate, int, off_t); return fails(fd_is_below(fd), 0) ? -1 : real(fd, size); }
int ftruncate64(int fd, off_t size) { REAL(int, ftruncate64, int, off_t); return fails(fd_is_below(fd), 0) ? -1 : real(fd, size); }
int mkdir(const char *path, mode_t mode) { REAL(int, mkdir, const char *, mode_t); return fails(is_below(path), 0) ? -1 : real(path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(int, mkdirat, int, const char *, mode_t);
    return fails(at_is_below(folder, path), 0) ? -1 : real(folder, path, mode);
}
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); return fails(is_below(to), 0) ? -1 : real(from, to); }
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, renameat, int, const char *, int, const char *);
    return fails(at_is_below(b, to), 0) ? -1 : real(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    REAL(int, renameat2, int, const char *, int, const char *, unsigned);
    return fails(at_is_below(b, to), 0) ? -1 : real(a, from, b, to, flags);
}
int link(const char *from, const char *to) { REAL(int, link, const char *, const char *); return fails(is_below(to), 0) ? -1 : real(from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    return fails(at_is_below(b, to), 0) ? -1 : real(a, from, b, to, flags);
}
int unlink(const char *path) { REAL(int, unlink, const char *); return fails(is_below(path), 1) ? -1 : real(path); }
int unlinkat(int folder, const char *path, int flags) {
    REAL(int, unlinkat, int, const char *, int);
    return fails(at_is_below(folder, path), 1) ? -1 : real(folder, path, flags);
}
int rmdir(const char *path) { REAL(int, rmdir, const char *); return fails(is_below(path), 1) ? -1 : real(path); }
int flock(int fd, int operation) {
    REAL(int, flock, int, int);
    const char *text = getenv("FAULT_LOCKS");
    if (text && fd_is_below(fd)) { errno = atoi(text); return -1; }
    return real(fd, operation);
}
