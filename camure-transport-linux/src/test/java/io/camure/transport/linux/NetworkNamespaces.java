package io.camure.transport.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two hosts with a cable between them: 10.77.0.1, fd00:77::1 and 10.77.0.2, fd00:77::2, each at an interface cable0. */
final class NetworkNamespaces {

    static final String INTERFACE = "cable0";

    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle OPEN = function("open", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETNS = function("setns", JAVA_INT, JAVA_INT, JAVA_INT);

    final String one = "camure-one-" + ProcessHandle.current().pid();
    final String other = "camure-other-" + ProcessHandle.current().pid();

    /** Skips the test where that can't be had. */
    NetworkNamespaces() throws Exception {
        assumeTrue(
                succeeds("ip", "netns", "add", one),
                "network namespaces need root and iproute2, which this machine does not give");
        run("ip", "netns", "add", other);
        run("ip", "-n", one, "link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE, "netns", other);
        up(one, 1);
        up(other, 2);
        awaitCarrier(one);
        awaitCarrier(other);
    }

    private static void up(String namespace, int host) throws Exception {
        // Neither address is to be tried out for seconds before it is used.
        run("ip", "-n", namespace, "link", "set", INTERFACE, "addrgenmode", "none");
        run("ip", "-n", namespace, "address", "add", "10.77.0." + host + "/24", "dev", INTERFACE);
        run("ip", "-n", namespace, "address", "add", "fd00:77::" + host + "/64", "dev", INTERFACE, "nodad");
        run("ip", "-n", namespace, "link", "set", INTERFACE, "up");
    }

    /** IPv6 is deaf and dumb until the kernel has noticed the cable, which it looks for once a second. */
    private static void awaitCarrier(String namespace) {
        await().until(() ->
                run("ip", "-n", namespace, "link", "show", INTERFACE).contains("state UP"));
    }

    void delete() throws Exception {
        run("ip", "netns", "delete", one);
        run("ip", "netns", "delete", other);
    }

    /** Runs something on a thread of that host; sockets stay there for good. */
    static <T> T in(String namespace, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(() -> {
            enter(namespace);
            return task.call();
        });
        Thread.ofPlatform().start(future);
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException("in the namespace " + namespace, e.getCause());
        }
    }

    private static void enter(String namespace) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) OPEN.invoke(arena.allocateFrom("/run/netns/" + namespace), 0);
            if (fd < 0 || (int) SETNS.invokeExact(fd, CLONE_NEWNET) != 0) {
                throw new AssertionError("can't enter " + namespace);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
    }

    static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
