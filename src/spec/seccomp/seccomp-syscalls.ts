/**
 * The system calls that a container may make under our default seccomp profile, as tables by subject. The policy follows
 * the one that Docker and containerd publish, so that images which work there work here; what is not listed fails with
 * EPERM: kernel modules, key rings, swap, io_uring, userfaultfd, NUMA policy, obsolete calls. No logic here.
 */

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Files: opening, naming, attributes, mapping to storage. Source: syscalls(2). */
const files = words(`
  access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64
  fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync
  fgetxattr file_getattr file_setattr flistxattr flock fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate
  ftruncate64 futimesat getcwd getdents getdents64 getxattr getxattrat inotify_add_watch inotify_init inotify_init1
  inotify_rm_watch ioctl lchown lchown32 lgetxattr link linkat listmount listxattr listxattrat llistxattr _llseek
  lremovexattr lseek lsetxattr lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2
  readlink readlinkat removexattr removexattrat rename renameat renameat2 rmdir setxattr setxattrat stat stat64 statfs
  statfs64 statmount statx symlink symlinkat sync sync_file_range syncfs truncate truncate64 umask unlink unlinkat utime
  utimensat utimensat_time64 utimes
`);

/** Reading, writing, waiting for descriptors, pipes, event descriptors, Linux AIO. */
const io = words(`
  epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2
  io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit _newselect pipe pipe2 poll ppoll
  ppoll_time64 pread64 preadv preadv2 pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readv select
  sendfile sendfile64 signalfd signalfd4 splice tee vmsplice write writev
`);

/** `socket` itself is in `seccomp-default.ts`: its families are filtered. `socketcall` (32-bit x86, s390x, mips) cannot be filtered. */
const network = words(`
  accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg
  send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair
`);

/** `clone`, `clone3` and `personality` are in `seccomp-default.ts`: their arguments are filtered. */
const processes = words(`
  alarm capget capset execve execveat exit exit_group fork getcpu getpgid getpgrp getpid getppid getpriority getrlimit
  getrusage getsid get_thread_area gettid ioprio_get ioprio_set kill landlock_add_rule landlock_create_ruleset
  landlock_restrict_self pause pidfd_open pidfd_send_signal prctl prlimit64 process_mrelease restart_syscall
  rseq rseq_slice_yield seccomp setpgid setpriority setrlimit setsid set_thread_area set_tid_address sysinfo tgkill times
  tkill ugetrlimit uname uretprobe vfork wait4 waitid waitpid
`);

const identities = words(`
  getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid getresuid32
  getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32
  setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32
`);

const memory = words(`
  brk cachestat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2
  mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages
`);

const signals = words(`
  rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
  rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack sigprocmask sigreturn
`);

/** Futexes, System V and POSIX inter-process communication. */
const synchronization = words(`
  futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake get_robust_list ipc mq_getsetattr mq_notify mq_open
  mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd semctl
  semget semop semtimedop semtimedop_time64 set_robust_list shmat shmctl shmdt shmget
`);

const scheduling = words(`
  sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler
  sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler
  sched_yield
`);

/** `adjtimex` and `clock_adjtime` read; to write they need CAP_SYS_TIME, which the kernel checks. */
const clocks = words(`
  adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
  clock_nanosleep_time64 getitimer getrandom gettimeofday nanosleep setitimer time timer_create timer_delete
  timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime
  timerfd_gettime64 timerfd_settime timerfd_settime64
`);

/** Since Linux 4.8 a filter cannot be escaped through ptrace, so tracing one's own processes is allowed. */
const tracing = words('process_vm_readv process_vm_writev ptrace');

/** Allowed to every container, whatever the arguments. */
export const allowedAlways: readonly string[] = [
  files,
  io,
  network,
  processes,
  identities,
  memory,
  signals,
  synchronization,
  scheduling,
  clocks,
  tracing,
].flat();

/** Allowed when the container holds the capability: the kernel asks for it anyway, and only then is the code reachable. */
export const allowedWithCapability: Readonly<Record<string, readonly string[]>> = {
  CAP_BPF: words('bpf'),
  CAP_DAC_READ_SEARCH: words('open_by_handle_at'),
  CAP_PERFMON: words('perf_event_open'),
  CAP_SYSLOG: words('syslog'),
  CAP_SYS_ADMIN: words(`
    bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
    lsm_set_self_attr mount mount_setattr move_mount open_tree open_tree_attr perf_event_open quotactl quotactl_fd
    setdomainname sethostname setns syslog umount umount2 unshare
  `),
  CAP_SYS_BOOT: words('reboot'),
  CAP_SYS_CHROOT: words('chroot'),
  CAP_SYS_MODULE: words('delete_module finit_module init_module'),
  CAP_SYS_NICE: words('get_mempolicy mbind set_mempolicy set_mempolicy_home_node'),
  CAP_SYS_PACCT: words('acct'),
  CAP_SYS_PTRACE: words('kcmp pidfd_getfd process_madvise'),
  CAP_SYS_RAWIO: words('ioperm iopl'),
  CAP_SYS_TIME: words('clock_settime clock_settime64 settimeofday stime'),
  CAP_SYS_TTY_CONFIG: words('vhangup'),
};
