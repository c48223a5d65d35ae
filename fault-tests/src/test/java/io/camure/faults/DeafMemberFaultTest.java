package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.Transport;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.network.PacketFilter;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multicast does not reach a member, or nobody, or not any more. */
@NeedsNamespaces
class DeafMemberFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Far less than what a round takes that waits for a second, and far more than one that does not on a busy machine. */
    private static final Duration FAST = Duration.ofMillis(500);

    private static final Duration PHASE = Duration.ofSeconds(5);
    private static final Duration PHASE_POLL = Duration.ofMillis(100);
    private static final int PHASES = 12;
    private static final int ROUNDS = 300;
    private static final int MESSAGES = 500;
    private static final int MEMBER = 1;
    private static final int OTHER_MEMBER = 2;

    private Cluster cluster;
    private Namespaces network;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespaces(2);
        network = cluster.network();
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
    }

    private void open(Transport transport) throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && Runtime.version().feature() >= 22;
        assumeTrue(transport != Transport.LINUX || linux, "the Linux transport needs Linux and a JDK from 22 on");
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)).withTransport(transport))
                .open();
    }

    private void useSession() throws Exception {
        CompletableFuture<long[]> rounds = cluster.coordinator().begin(node -> node.passRounds(ROUNDS));
        cluster.member(MEMBER).begin(node -> node.passRounds(ROUNDS));
        cluster.member(OTHER_MEMBER).begin(node -> node.passRounds(ROUNDS));
        long[] nanos = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[ROUNDS / 2])).isLessThan(FAST);

        sendToBoth();
    }

    private void sendToBoth() throws Exception {
        Messages messages = Messages.upToMedium(1, MESSAGES);
        CompletableFuture<Digests> first = cluster.member(MEMBER).begin(node -> node.receive(MESSAGES));
        CompletableFuture<Digests> second = cluster.member(OTHER_MEMBER).begin(node -> node.receive(MESSAGES));
        Digests sent =
                cluster.coordinator().begin(node -> node.send(messages)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(sent);
    }

    private void awaitDeaf(int members) {
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::deafMembers) == members);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void aMemberThatMulticastDoesNotReachIsServedByUnicast(Transport transport) throws Exception {
        network.dropArriving(MEMBER, PacketFilter.ofMulticast());
        open(transport);
        useSession();
        awaitDeaf(1);
        useSession();

        assertThat(network.droppedArriving(MEMBER)).isPositive();
        assertThat(cluster.coordinator().run(Node::unicastMembers)).isOne();
    }

    @Tag("long")
    @Tag("flapping")
    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void multicastThatFlapsForAMinuteLosesNothing(Transport transport) throws Exception {
        open(transport);
        CompletableFuture<long[]> rounds = cluster.coordinator().begin(Node::timeRoundsToTheEnd);
        cluster.member(MEMBER).begin(Node::passRoundsToTheEnd);
        cluster.member(OTHER_MEMBER).begin(Node::passRoundsToTheEnd);
        List<Long> changes = new ArrayList<>();
        for (int phase = 0; phase < PHASES; phase++) {
            Instant end = Instant.now().plus(PHASE);
            network.dropArriving(MEMBER, phase % 2 == 0 ? PacketFilter.ofData(0) : PacketFilter.ofMulticast());
            changes.add(System.currentTimeMillis());
            sendToBoth();
            await().pollDelay(PHASE_POLL)
                    .atMost(PATIENCE)
                    .until(() -> Instant.now().isAfter(end));
        }
        network.dropArriving(MEMBER, PacketFilter.ofData(0));
        cluster.coordinator().act(Node::stop);

        long[] times = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        System.out.println(transport + ": p99 of rounds beside the changes " + percentile99(times, changes));
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
        assertThat(cluster.coordinator().run(Node::log)).noneMatch(line -> line.contains("slow"));
    }

    /** Of the rounds that ended more than half a second after the last change, which is nine tenths of the time. */
    private static Duration percentile99(long[] times, List<Long> changes) {
        long[] nanos = IntStream.range(0, times.length / 2)
                .filter(i ->
                        changes.stream().noneMatch(change -> times[2 * i] >= change && times[2 * i] < change + 500))
                .mapToLong(i -> times[2 * i + 1])
                .sorted()
                .toArray();
        return Duration.ofNanos(nanos[nanos.length * 99 / 100]);
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "LINUX"})
    void multicastThatEndsAndComesBackIsNotMissed(Transport transport) throws Exception {
        open(transport);
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::unicastMembers) == 0);
        useSession();
        for (int member : new int[] {MEMBER, OTHER_MEMBER}) {
            network.dropArriving(member, PacketFilter.ofMulticast());
        }
        useSession();
        awaitDeaf(2);
        useSession();
        for (int member : new int[] {MEMBER, OTHER_MEMBER}) {
            network.dropArriving(member, PacketFilter.ofData(0));
        }
        awaitDeaf(0);
        useSession();
    }
}
