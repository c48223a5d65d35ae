package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.DisconnectedException.Reason;
import io.camure.faults.node.Digests;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.Node.RoundsReport;
import io.camure.faults.node.Node.StreamReport;
import io.camure.faults.node.NodeProcess;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** One of two members is killed or stopped, in the middle of rounds and of a broadcast. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class MemberFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Messages MESSAGES = Messages.upToMedium(1, 1000);

    private Cluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.onLoopback(2);
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
    }

    @Test
    void aMemberKilledInARoundHoldsItUpNoLongerThanItsTimeoutAndIsNamed() throws Exception {
        cluster.open();
        CompletableFuture<RoundsReport> atCoordinator = cluster.coordinator().begin(Node::passRoundsToTheEnd);
        cluster.member(1).begin(Node::passRoundsToTheEnd);
        cluster.member(2).begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.coordinator());
        InetSocketAddress killed = cluster.member(2).run(Node::address);

        cluster.member(2).kill();
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 1);
        awaitMoreRounds(cluster.member(1));
        cluster.coordinator().act(Node::stop);

        RoundsReport report = atCoordinator.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.reason()).isNull();
        assertThat(report.lostMembers()).containsExactly(killed);
        assertThat(report.longest())
                .isBetween(
                        cluster.plan().memberTimeout().dividedBy(2),
                        cluster.plan().memberLossBound());
    }

    @Test
    void aMemberKilledInABroadcastLeavesItWholeForTheOther() throws Exception {
        cluster.open();
        CompletableFuture<StreamReport> received = cluster.member(1).begin(Node::receiveToTheEnd);
        CompletableFuture<StreamReport> cutOff = cluster.member(2).begin(Node::receiveToTheEnd);
        CompletableFuture<Digests> sent = cluster.coordinator().begin(node -> node.sendToTheEnd(MESSAGES));
        awaitMoreDatagrams(cluster.coordinator());

        cluster.member(2).kill();
        assertThat(cutOff).failsWithin(PATIENCE);
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 1);
        awaitMoreDatagrams(cluster.coordinator());
        cluster.coordinator().act(Node::stop);

        StreamReport report = received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.reason()).isNull();
        assertThat(report.digests()).isEqualTo(sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void aMemberStoppedForLessThanItsTimeoutStays() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)));
        stoppedAndGoneOn(Duration.ofSeconds(1));
    }

    @Test
    @Tag("long")
    @Tag("stops")
    void aMemberStoppedForThreeSecondsStaysWithTheDefaultTimeouts() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(5)));
        stoppedAndGoneOn(Duration.ofSeconds(3));
    }

    private void stoppedAndGoneOn(Duration pause) throws Exception {
        cluster.open();
        CompletableFuture<StreamReport> received = cluster.member(1).begin(Node::receiveToTheEnd);
        CompletableFuture<StreamReport> receivedLate = cluster.member(2).begin(Node::receiveToTheEnd);
        CompletableFuture<Digests> sent = cluster.coordinator().begin(node -> node.sendToTheEnd(MESSAGES));
        CompletableFuture<RoundsReport> rounds = cluster.coordinator().begin(Node::passRoundsToTheEnd);
        CompletableFuture<RoundsReport> atStopped = cluster.member(2).begin(Node::passRoundsToTheEnd);
        cluster.member(1).begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.coordinator());

        cluster.member(2).pause();
        await().pollDelay(pause).atMost(PATIENCE).until(() -> true);
        cluster.member(2).resume();
        awaitMoreRounds(cluster.member(2));
        awaitMoreDatagrams(cluster.coordinator());
        cluster.coordinator().act(Node::stop);

        Digests all = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).digests())
                .isEqualTo(all);
        assertThat(receivedLate.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).digests())
                .isEqualTo(all);
        RoundsReport report = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.lostMembers()).isEmpty();
        assertThat(report.longest()).as("it was really stopped").isGreaterThan(pause.dividedBy(2));
        assertThat(atStopped).isNotDone();
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(2);
    }

    @Test
    void aMemberStoppedForLongerIsEvictedAndLearnsIt() throws Exception {
        stoppedAndEvicted(cluster.plan().memberTimeout().plus(cluster.plan().heartbeatInterval()));
    }

    @Test
    @Tag("long")
    @Tag("stops")
    void aMemberStoppedForThirtySecondsIsEvictedAndLearnsIt() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(5)));
        stoppedAndEvicted(Duration.ofSeconds(30));
    }

    private void stoppedAndEvicted(Duration pause) throws Exception {
        cluster.open();
        CompletableFuture<StreamReport> received = cluster.member(1).begin(Node::receiveToTheEnd);
        CompletableFuture<StreamReport> receivedPart = cluster.member(2).begin(Node::receiveToTheEnd);
        CompletableFuture<Digests> sent = cluster.coordinator().begin(node -> node.sendToTheEnd(MESSAGES));
        CompletableFuture<RoundsReport> rounds = cluster.coordinator().begin(Node::passRoundsToTheEnd);
        CompletableFuture<RoundsReport> atStopped = cluster.member(2).begin(Node::passRoundsToTheEnd);
        cluster.member(1).begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.coordinator());

        cluster.member(2).pause();
        await().pollDelay(pause).atMost(PATIENCE).until(() -> true);
        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 1);
        awaitMoreRounds(cluster.coordinator());
        cluster.member(2).resume();

        assertThat(atStopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).reason())
                .isEqualTo(Reason.EVICTED);
        assertThat(receivedPart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).reason())
                .isEqualTo(Reason.EVICTED);
        cluster.coordinator().act(Node::stop);
        Digests all = sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(received.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).digests())
                .isEqualTo(all);
        assertThat(receivedPart.get().digests().beginLike(all)).isTrue();
        RoundsReport report = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.lostMembers()).containsExactly(cluster.member(2).run(Node::address));
        assertThat(report.longest()).isLessThan(cluster.plan().memberLossBound());
    }

    private static void awaitMoreRounds(NodeProcess node) throws Exception {
        long before = node.run(Node::roundsPassed);
        await().atMost(PATIENCE).until(() -> node.run(Node::roundsPassed) > before + 10);
    }

    private static void awaitMoreDatagrams(NodeProcess node) throws Exception {
        long before = node.run(Node::statistics).datagramsSent();
        await().atMost(PATIENCE).until(() -> node.run(Node::statistics).datagramsSent() > before + 1000);
    }
}
