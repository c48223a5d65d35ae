package io.camure.transport.linux;

import static io.camure.transport.linux.TestPorts.LOOPBACK;
import static io.camure.transport.linux.TestPorts.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What ends a wait for datagrams. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class WaitTest {

    private static final long LONG_NANOS = Duration.ofSeconds(50).toNanos();

    @Test
    void aWaitEndsWhenItsTimeIsUp() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            for (Duration timeout : new Duration[] {Duration.ofNanos(200_000), Duration.ofMillis(250)}) {
                long startNanos = System.nanoTime();
                port.awaitDatagram(timeout.toNanos());
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                        .isBetween(timeout, timeout.plus(Duration.ofSeconds(30)));
            }
            port.awaitDatagram(0);
            port.awaitDatagram(-1);
        }
    }

    @Test
    void aWakeUpEndsTheNextWaitOnly() throws IOException {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            port.wakeUp();
            port.wakeUp();
            port.awaitDatagram(LONG_NANOS);
            long startNanos = System.nanoTime();
            port.awaitDatagram(1_000_000);
            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(1_000_000);
        }
    }

    @Test
    void aWakeUpEndsAWaitInProgress() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            WaitingThread waiter = new WaitingThread(port);
            port.wakeUp();
            waiter.end.get();
        }
    }

    @Test
    void aDatagramEndsAWaitInProgress() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            WaitingThread waiter = new WaitingThread(port);
            port.send(bytes(1), 1, port.localAddress());
            port.flush();
            waiter.end.get();
        }
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            WaitingThread waiter = new WaitingThread(port);
            waiter.thread.interrupt();
            assertThat(waiter.end.get()).isTrue();
            Thread.currentThread().interrupt();
            port.awaitDatagram(LONG_NANOS);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aThreadSleepsThroughAWait() throws Exception {
        try (LinuxDatagramPort port = TestPorts.open(LOOPBACK)) {
            long before = timesSlept();
            port.awaitDatagram(Duration.ofSeconds(3).toNanos());

            // The virtual machine stops the thread a few times by itself; slices of 100 ms would make it 30 times.
            assertThat(timesSlept() - before)
                    .as("how often the thread has given the processor away")
                    .isBetween(1L, 20L);
        }
    }

    private static long timesSlept() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
                .findFirst()
                .orElseThrow();
    }
}
