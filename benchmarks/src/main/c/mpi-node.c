/*
 * A node of Open MPI for ./bench: does what the driver writes to a Unix socket, and answers there, line by line as a node
 * in Java does. Samples are too many for a line: they go into a file, which the answer names.
 *
 * Usage: mpi-node SOCKET DIRECTORY
 */
#include <mpi.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 1024, FIRST_SAMPLES = 1 << 16 };

static FILE *commands;
static FILE *replies;
static const char *directory;
static int rank;

static uint64_t *samples;
static size_t sample_count;
static size_t sample_capacity;

static void fail(const char *reason) {
    if (replies != NULL) {
        fprintf(replies, "failed reason=%s\n", reason);
        fflush(replies);
    }
    fprintf(stderr, "mpi-node: %s\n", reason);
    MPI_Abort(MPI_COMM_WORLD, 1);
    exit(1);
}

static uint64_t nanos(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

/* The clock that System.nanoTime reads. */
static uint64_t now(void) {
    return nanos(CLOCK_MONOTONIC);
}

static uint64_t cpu(void) {
    return nanos(CLOCK_PROCESS_CPUTIME_ID);
}

/* A column of a protocol in /proc/self/net/snmp, which has a line of names and then one of values. */
static uint64_t counter(const char *protocol, const char *name) {
    char names[LINE];
    char values[LINE];
    uint64_t found = 0;
    FILE *file = fopen("/proc/self/net/snmp", "r");
    if (file == NULL) {
        return 0;
    }
    while (fgets(names, LINE, file) != NULL && fgets(values, LINE, file) != NULL) {
        char *next_name;
        char *next_value;
        char *column = strtok_r(names, " \n", &next_name);
        char *value = strtok_r(values, " \n", &next_value);
        if (column == NULL || strcmp(column, protocol) != 0) {
            continue;
        }
        while (column != NULL && value != NULL) {
            if (strcmp(column, name) == 0) {
                found = strtoull(value, NULL, 10);
            }
            column = strtok_r(NULL, " \n", &next_name);
            value = strtok_r(NULL, " \n", &next_value);
        }
    }
    fclose(file);
    return found;
}

static uint64_t datagrams(void) {
    return counter("Udp:", "OutDatagrams") + counter("Tcp:", "OutSegs");
}

static void begin_samples(void) {
    sample_count = 0;
}

static void add_sample(uint64_t sample) {
    if (sample_count == sample_capacity) {
        sample_capacity = sample_capacity == 0 ? FIRST_SAMPLES : 2 * sample_capacity;
        samples = realloc(samples, sample_capacity * sizeof *samples);
        if (samples == NULL) {
            fail("no_memory_for_samples");
        }
    }
    samples[sample_count++] = sample;
}

static const char *write_samples(void) {
    static char path[LINE];
    snprintf(path, LINE, "%s/mpi-samples-%d", directory, rank);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(samples, sizeof *samples, sample_count, file) != sample_count || fclose(file) != 0) {
        fail("samples_can't_be_written");
    }
    return path;
}

static void reply(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(replies, format, arguments);
    va_end(arguments);
    fputc('\n', replies);
    fflush(replies);
}

static uint64_t number(const char *command, const char *name) {
    char prefix[LINE];
    snprintf(prefix, LINE, " %s=", name);
    const char *found = strstr(command, prefix);
    if (found == NULL) {
        fail("a_command_lacks_a_number");
    }
    return strtoull(found + strlen(prefix), NULL, 10);
}

static void put_stamp(unsigned char *message, uint64_t stamp) {
    for (int i = 7; i >= 0; i--) {
        message[i] = (unsigned char) stamp;
        stamp >>= 8;
    }
}

static uint64_t stamp_of(const unsigned char *message) {
    uint64_t stamp = 0;
    for (int i = 0; i < 8; i++) {
        stamp = stamp << 8 | message[i];
    }
    return stamp;
}

enum work { BARRIER, ALLREDUCE, ALLGATHER };

/* What rounds are of. */
struct meeting {
    enum work work;
    int nodes;
    uint64_t round;
    int size;
    unsigned char *value;
    unsigned char *values;
};

static struct meeting meeting_of(const char *command) {
    struct meeting meeting = {BARRIER, 0, 0, 0, NULL, NULL};
    MPI_Comm_size(MPI_COMM_WORLD, &meeting.nodes);
    if (strstr(command, " work=allreduce") != NULL) {
        meeting.work = ALLREDUCE;
    } else if (strstr(command, " work=allgather") != NULL) {
        meeting.work = ALLGATHER;
        meeting.size = (int) number(command, "size");
        meeting.value = calloc(1, (size_t) meeting.size);
        meeting.values = calloc((size_t) meeting.nodes, (size_t) meeting.size);
        if (meeting.value == NULL || meeting.values == NULL) {
            fail("no_memory_for_values");
        }
    }
    return meeting;
}

/* What a round gives is checked, as nodes in Java do. */
static void meet(struct meeting *meeting) {
    meeting->round++;
    if (meeting->work == ALLREDUCE) {
        int64_t value = (int64_t) meeting->round * (rank + 1);
        int64_t sum;
        MPI_Allreduce(&value, &sum, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
        if (sum != (int64_t) meeting->round * meeting->nodes * (meeting->nodes + 1) / 2) {
            fail("a_sum_is_wrong");
        }
    } else if (meeting->work == ALLGATHER) {
        put_stamp(meeting->value, meeting->round + (uint64_t) rank);
        MPI_Allgather(
            meeting->value, meeting->size, MPI_BYTE, meeting->values, meeting->size, MPI_BYTE, MPI_COMM_WORLD);
        for (int i = 0; i < meeting->nodes; i++) {
            if (stamp_of(meeting->values + (size_t) i * (size_t) meeting->size) != meeting->round + (uint64_t) i) {
                fail("a_value_is_wrong");
            }
        }
    } else {
        MPI_Barrier(MPI_COMM_WORLD);
    }
}

/* One round more than counted: the first one waits for the nodes to get their command. */
static void rounds(const char *command) {
    uint64_t count = number(command, "count");
    struct meeting meeting = meeting_of(command);
    begin_samples();
    meet(&meeting);
    uint64_t datagrams_before = datagrams();
    uint64_t cpu_before = cpu();
    uint64_t start = now();
    uint64_t before = start;
    for (uint64_t i = 0; i < count; i++) {
        meet(&meeting);
        uint64_t after = now();
        add_sample(after - before);
        before = after;
    }
    uint64_t cpu_used = cpu() - cpu_before;
    uint64_t sent = datagrams() - datagrams_before;
    free(meeting.value);
    free(meeting.values);
    reply(
        "done start=%llu end=%llu cpu=%llu datagrams=%llu samples=%s", (unsigned long long) start,
        (unsigned long long) before, (unsigned long long) cpu_used, (unsigned long long) sent, write_samples());
}

static void send_messages(uint64_t size, uint64_t count, uint64_t rate) {
    unsigned char *message = calloc(1, size);
    if (message == NULL) {
        fail("no_memory_for_a_message");
    }
    uint64_t datagrams_before = datagrams();
    uint64_t cpu_before = cpu();
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        if (rate != 0) {
            uint64_t due = start + i * (1000000000u / rate);
            struct timespec time = {(time_t) (due / 1000000000u), (long) (due % 1000000000u)};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
        }
        put_stamp(message, rate == 0 ? i : now());
        MPI_Bcast(message, (int) size, MPI_BYTE, 0, MPI_COMM_WORLD);
    }
    char line[LINE];
    /* Until the driver, to which the members report, says that all have everything. */
    fd_set set;
    struct timeval nothing = {0, 0};
    int ready = 0;
    while (ready == 0) {
        int flag;
        MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
        FD_ZERO(&set);
        FD_SET(fileno(commands), &set);
        nothing.tv_usec = 100;
        ready = select(fileno(commands) + 1, &set, NULL, NULL, &nothing);
    }
    if (fgets(line, LINE, commands) == NULL) {
        exit(1);
    }
    free(message);
    uint64_t cpu_used = cpu() - cpu_before;
    reply(
        "done start=%llu cpu=%llu datagrams=%llu", (unsigned long long) start, (unsigned long long) cpu_used,
        (unsigned long long) (datagrams() - datagrams_before));
}

static void receive_messages(uint64_t size, uint64_t count, int timed) {
    unsigned char *message = calloc(1, size);
    if (message == NULL) {
        fail("no_memory_for_a_message");
    }
    begin_samples();
    uint64_t datagrams_before = datagrams();
    uint64_t cpu_before = cpu();
    for (uint64_t i = 0; i < count; i++) {
        MPI_Bcast(message, (int) size, MPI_BYTE, 0, MPI_COMM_WORLD);
        if (timed) {
            add_sample(now() - stamp_of(message));
        } else if (stamp_of(message) != i) {
            fail("a_message_came_where_another_one_should_have");
        }
    }
    uint64_t end = now();
    uint64_t cpu_used = cpu() - cpu_before;
    free(message);
    reply(
        "done end=%llu cpu=%llu datagrams=%llu samples=%s", (unsigned long long) end, (unsigned long long) cpu_used,
        (unsigned long long) (datagrams() - datagrams_before), write_samples());
}

static void connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int connection = socket(AF_UNIX, SOCK_STREAM, 0);
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (connection < 0 || connect(connection, (struct sockaddr *) &address, sizeof address) != 0) {
        fail("no_connection_to_the_driver");
    }
    commands = fdopen(connection, "r");
    replies = fdopen(dup(connection), "w");
    /* Without a buffer, so that select sees what was not read. */
    setvbuf(commands, NULL, _IONBF, 0);
}

int main(int count, char **arguments) {
    char line[LINE];
    if (count != 3) {
        fprintf(stderr, "usage: %s SOCKET DIRECTORY\n", arguments[0]);
        return 2;
    }
    directory = arguments[2];
    MPI_Init(&count, &arguments);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    connect_to(arguments[1]);
    reply("started rank=%d", rank);
    while (fgets(line, LINE, commands) != NULL && strncmp(line, "end", 3) != 0) {
        if (strncmp(line, "gather", 6) == 0) {
            MPI_Barrier(MPI_COMM_WORLD);
            reply("gathered");
        } else if (strncmp(line, "compilation", 11) == 0) {
            reply("compilation millis=0");
        } else if (strncmp(line, "rounds ", 7) == 0) {
            rounds(line);
        } else if (strncmp(line, "send ", 5) == 0) {
            send_messages(number(line, "size"), number(line, "count"), number(line, "rate"));
        } else if (strncmp(line, "receive ", 8) == 0) {
            reply("armed");
            receive_messages(number(line, "size"), number(line, "count"), strstr(line, "stamps=time") != NULL);
        } else {
            fail("a_command_is_not_known");
        }
    }
    MPI_Finalize();
    return 0;
}
