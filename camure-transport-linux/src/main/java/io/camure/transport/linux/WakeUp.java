package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An eventfd: a number that is ready to be read from the first {@link #signal} on until {@link #reset}. */
final class WakeUp {

    private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1);

    /** Nobody asks why a read, a write or a close has failed, so all threads may leave the reason here. */
    private static final MemorySegment CALL_STATE = Arena.global().allocate(Libc.CALL_STATE);

    private static final MemorySegment NUMBER = Arena.global().allocate(JAVA_LONG);

    private final int fd;

    WakeUp() throws IOException {
        int result = Libc.eventfd(Libc.newCallState(), Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (result < 0) {
            throw Libc.exception("opening an eventfd", -result);
        }
        fd = result;
    }

    int fd() {
        return fd;
    }

    void signal() {
        // Refused only when the number is as large as it can be, which is a signal as well.
        Libc.write(CALL_STATE, fd, ONE.address(), Long.BYTES);
    }

    void reset() {
        Libc.read(CALL_STATE, fd, NUMBER.address(), Long.BYTES);
    }

    void close() {
        Libc.close(CALL_STATE, fd);
    }
}
