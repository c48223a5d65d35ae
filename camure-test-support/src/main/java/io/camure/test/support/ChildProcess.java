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
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A node in a process of its own, which can be killed or stopped. It ends with the test that started it. */
public final class ChildProcess implements AutoCloseable {

    private final JavaProcess process;
    private final String firstLine;

    private ChildProcess(String... arguments) throws IOException {
        List<String> main = new ArrayList<>(List.of(ChildProcess.class.getName()));
        main.addAll(List.of(arguments));
        process = JavaProcess.start(List.of(), List.of("-XX:TieredStopAtLevel=1"), main.toArray(String[]::new));
        BufferedReader output = new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8));
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
        process.kill();
    }

    public void pause() throws IOException, InterruptedException {
        process.pause();
    }

    public void resume() throws IOException, InterruptedException {
        process.resume();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws Exception {
        JavaProcess.endWithParent();
        PrintStream parent = System.out;
        // What anybody logs must not be taken for the first line.
        System.setOut(System.err);
        if (arguments[0].equals("member")) {
            runMember(parent, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        } else {
            runCoordinator(parent);
        }
    }

    private static void runMember(PrintStream parent, int coordinatorPort, int barrier) throws Exception {
        try (Member member = Member.join(new InetSocketAddress(InetAddress.getLoopbackAddress(), coordinatorPort))) {
            Barrier joined = member.joinBarrier(barrier);
            parent.println("ready");
            while (true) {
                joined.await();
            }
        }
    }

    private static void runCoordinator(PrintStream parent) throws Exception {
        try (Coordinator coordinator = Coordinator.start(Loopback.anyPort(), Loopback.multicast())) {
            coordinator.createBarrier(GroupConfig.builder().id(0).build());
            BroadcastGroup broadcast = coordinator.createBroadcast(
                    GroupConfig.builder().id(1).expectedMembers(1).build());
            parent.println(coordinator.address().getPort());
            try (MessageWriter unfinished = broadcast.newMessage()) {
                unfinished.write(new byte[10_000]);
                Thread.currentThread().join();
            }
        }
    }
}
