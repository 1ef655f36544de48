/* Loaded into a program by LD_PRELOAD: logs everything it does to the files of one folder, in order, and what it tells.
 *
 * DISK_LOG_ROOT is the folder, DISK_LOG_FILE the log: a line for each operation, followed by the bytes that it wrote.
 *   C inode path    a file was created           M path          a folder was created
 *   W inode offset length                        T inode length  a file was cut or made longer
 *   S inode         a file was synced            D path          a folder was synced
 *   R old new       something was renamed        U path          a file was removed
 *   K length        something was written to standard output
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static int log_fd = -1;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  root = getenv("DISK_LOG_ROOT");
  const char *file = getenv("DISK_LOG_FILE");
  if (root && file) log_fd = REAL(open)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  unsetenv("LD_PRELOAD"); /* what this process starts is not logged */
}

static void put(const void *bytes, size_t length) {
  const char *next = bytes;
  while (length > 0) {
    ssize_t done = REAL(write)(log_fd, next, length);
    if (done <= 0) abort();
    next += done, length -= (size_t)done;
  }
}

static void note(const char *format, ...) {
  char line[3 * PATH_MAX];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  put(line, (size_t)length);
}

static int inside(const char *path) {
  size_t length = root ? strlen(root) : 0;
  return log_fd >= 0 && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The inode of a descriptor of a file or a folder in the root; 0 for anything else. */
static unsigned long inode_of(int fd, char path[PATH_MAX], int *is_folder) {
  char link[64];
  struct stat state;
  if (log_fd < 0 || fd == log_fd) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  if (!inside(path) || fstat(fd, &state) || !(S_ISREG(state.st_mode) || S_ISDIR(state.st_mode))) return 0;
  *is_folder = S_ISDIR(state.st_mode);
  return state.st_ino;
}

static void absolute(int folder, const char *path, char whole[PATH_MAX]) {
  char link[64], base[PATH_MAX];
  if (path[0] == '/') {
    snprintf(whole, PATH_MAX, "%s", path);
    return;
  }
  snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
  ssize_t length = readlink(link, base, PATH_MAX - 1);
  base[length > 0 ? length : 0] = 0;
  if (snprintf(whole, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) abort();
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  struct stat state;
  absolute(folder, path, whole);
  if (!inside(whole) || !(flags & (O_CREAT | O_TRUNC))) return REAL(openat)(folder, path, flags, mode);
  pthread_mutex_lock(&lock);
  int was_there = lstat(whole, &state) == 0;
  int fd = REAL(openat)(folder, path, flags, mode);
  if (fd >= 0 && fstat(fd, &state) == 0 && S_ISREG(state.st_mode)) {
    if (!was_there) note("C %lu %s\n", (unsigned long)state.st_ino, whole);
    else if (flags & O_TRUNC) note("T %lu 0\n", (unsigned long)state.st_ino);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE(flags, mode)                    \
  mode_t mode = 0;                           \
  if ((flags) & (O_CREAT | O_TMPFILE)) {     \
    va_list values;                          \
    va_start(values, flags);                 \
    mode = (mode_t)va_arg(values, int);      \
    va_end(values);                          \
  }

int open(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags, mode) return opened(folder, path, flags, mode); }

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset) {
  char path[PATH_MAX];
  int is_folder;
  int is_told = fd == STDOUT_FILENO && log_fd >= 0;
  unsigned long inode = inode_of(fd, path, &is_folder);
  if (!inode && !is_told) return offset < 0 ? REAL(write)(fd, bytes, length) : REAL(pwrite)(fd, bytes, length, offset);
  pthread_mutex_lock(&lock);
  ssize_t done = offset < 0 ? REAL(write)(fd, bytes, length) : REAL(pwrite)(fd, bytes, length, offset);
  if (done > 0) {
    if (is_told) note("K %zd\n", done);
    else note("W %lu %ld %zd\n", inode, (long)(offset < 0 ? lseek(fd, 0, SEEK_CUR) - done : offset), done);
    put(bytes, (size_t)done);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset); }

#define LOGGED(call, fd, ...)                              \
  char path[PATH_MAX];                                     \
  int is_folder = 0;                                       \
  unsigned long inode = inode_of(fd, path, &is_folder);    \
  pthread_mutex_lock(&lock);                               \
  int result = call;                                       \
  if (result == 0 && inode) {                              \
    if (is_folder) note("D %s\n", path);                   \
    else note(__VA_ARGS__);                                \
  }                                                        \
  pthread_mutex_unlock(&lock);                             \
  return result;

int fsync(int fd) { LOGGED(REAL(fsync)(fd), fd, "S %lu\n", inode) }
int fdatasync(int fd) { LOGGED(REAL(fdatasync)(fd), fd, "S %lu\n", inode) }
int ftruncate(int fd, off_t length) { LOGGED(REAL(ftruncate)(fd, length), fd, "T %lu %ld\n", inode, (long)length) }
int ftruncate64(int fd, off_t length) { LOGGED(REAL(ftruncate)(fd, length), fd, "T %lu %ld\n", inode, (long)length) }

#define NAMED(call, folder, name, ...)                     \
  char whole[PATH_MAX];                                    \
  absolute(folder, name, whole);                           \
  pthread_mutex_lock(&lock);                               \
  int result = call;                                       \
  if (result == 0 && inside(whole)) note(__VA_ARGS__);     \
  pthread_mutex_unlock(&lock);                             \
  return result;

int unlink(const char *path) { NAMED(REAL(unlink)(path), AT_FDCWD, path, "U %s\n", whole) }
int mkdir(const char *path, mode_t mode) { NAMED(REAL(mkdir)(path, mode), AT_FDCWD, path, "M %s\n", whole) }
int rename(const char *old, const char *new) {
  char before[PATH_MAX];
  absolute(AT_FDCWD, old, before);
  NAMED(REAL(rename)(old, new), AT_FDCWD, new, "R %s\t%s\n", before, whole)
}
