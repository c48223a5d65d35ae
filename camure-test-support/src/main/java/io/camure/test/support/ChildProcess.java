package io.camure.test.support;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.MessageWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, which can be killed or stopped. It ends with the test that started it. */
public final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final String firstLine;

    private ChildProcess(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildProcess.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        firstLine = output.readLine();
        if (firstLine == null) {
            throw new IOException("the child process has ended before it was ready");
        }
    }

    /** A member that goes through the rounds of a barrier without end. */
    public static ChildProcess member(InetSocketAddress coordinator, int barrier) throws IOException {
        return new ChildProcess("member", String.valueOf(coordinator.getPort()), String.valueOf(barrier));
    }

    /** A coordinator of barrier 0, at which it never arrives, and of broadcast 1, on which it has begun a message. */
    public static ChildProcess coordinator() throws IOException {
        return new ChildProcess("coordinator");
    }

    public InetSocketAddress coordinatorAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(firstLine));
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        if (!kill.waitFor(Loopback.LONG.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
            throw new IOException("can't send signal " + name + " to the child process");
        }
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws Exception {
        Thread watchdog = new Thread(ChildProcess::endWithParent, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        if (arguments[0].equals("member")) {
            runMember(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        } else {
            runCoordinator();
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written: the end comes when the parent does.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(1);
    }

    private static void runMember(int coordinatorPort, int barrier) throws Exception {
        try (Member member = Member.join(new InetSocketAddress(InetAddress.getLoopbackAddress(), coordinatorPort))) {
            Barrier joined = member.joinBarrier(barrier);
            System.out.println("ready");
            while (true) {
                joined.await();
            }
        }
    }

    private static void runCoordinator() throws Exception {
        try (Coordinator coordinator = Coordinator.start(Loopback.anyPort(), Loopback.multicast())) {
            coordinator.createBarrier(GroupConfig.defaults().id(0));
            BroadcastGroup broadcast =
                    coordinator.createBroadcast(GroupConfig.defaults().id(1).expectedMembers(1));
            System.out.println(coordinator.address().getPort());
            try (MessageWriter unfinished = broadcast.newMessage()) {
                unfinished.write(new byte[10_000]);
                Thread.currentThread().join();
            }
        }
    }
}
