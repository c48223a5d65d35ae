package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.DisconnectedException.Reason;
import io.camure.faults.node.Messages;
import io.camure.faults.node.Node;
import io.camure.faults.node.Node.RoundsReport;
import io.camure.faults.node.Node.StreamReport;
import io.camure.faults.node.NodeProcess;
import io.camure.faults.node.NodeScenario;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The coordinator of two members is killed, stopped or started anew while they wait in a round and for a message. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
class CoordinatorFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
    void killedInTheMiddleOfARoundAndOfAMessageItIsMissedByEachWait() throws Exception {
        cluster.open();
        Waits first = new Waits(cluster.member(1));
        Waits second = new Waits(cluster.member(2));
        // Both wait for it in a round, and for the rest of a message.
        cluster.coordinator().act(node -> node.beginMessage(100_000));
        await().atMost(PATIENCE).until(() -> cluster.member(1).run(Node::hasArrivedInMessage));
        await().atMost(PATIENCE).until(() -> cluster.member(2).run(Node::hasArrivedInMessage));

        cluster.coordinator().kill();

        first.assertFailed(Reason.COORDINATOR_LOST);
        second.assertFailed(Reason.COORDINATOR_LOST);
    }

    @Test
    void killedWhileRoundsAndMessagesPassItIsMissedByEachWait() throws Exception {
        cluster.open();
        Waits first = new Waits(cluster.member(1));
        Waits second = new Waits(cluster.member(2));
        cluster.coordinator().begin(Node::passRoundsToTheEnd);
        cluster.coordinator().begin(node -> node.sendToTheEnd(Messages.upToMedium(1, 1000)));
        awaitMoreRounds(cluster.member(1));

        cluster.coordinator().kill();

        first.assertFailed(Reason.COORDINATOR_LOST);
        second.assertFailed(Reason.COORDINATOR_LOST);
    }

    @Test
    void stoppedForLessThanTheTimeoutItKeepsItsMembers() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)));
        stoppedAndGoneOn(Duration.ofSeconds(1));
    }

    @Test
    @Tag("long")
    @Tag("stops")
    void stoppedForThreeSecondsItKeepsItsMembersWithTheDefaultTimeouts() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(5)));
        stoppedAndGoneOn(Duration.ofSeconds(3));
    }

    private void stoppedAndGoneOn(Duration pause) throws Exception {
        cluster.open();
        CompletableFuture<RoundsReport> rounds = cluster.coordinator().begin(Node::passRoundsToTheEnd);
        CompletableFuture<RoundsReport> atMember = cluster.member(1).begin(Node::passRoundsToTheEnd);
        cluster.member(2).begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.member(1));

        cluster.coordinator().pause();
        await().pollDelay(pause).atMost(PATIENCE).until(() -> true);
        cluster.coordinator().resume();
        awaitMoreRounds(cluster.member(2));
        cluster.coordinator().act(Node::stop);

        RoundsReport report = rounds.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(report.lostMembers()).isEmpty();
        assertThat(report.longest()).as("it was really stopped").isGreaterThan(pause.dividedBy(2));
        assertThat(atMember).isNotDone();
    }

    @Test
    void stoppedForLongerItIsGivenUpAndLosesItsMembers() throws Exception {
        stoppedAndGivenUp(
                cluster.plan().coordinatorTimeout().plus(cluster.plan().heartbeatInterval()));
    }

    @Test
    @Tag("long")
    @Tag("stops")
    void stoppedForThirtySecondsItIsGivenUpAndLosesItsMembers() throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(5)));
        stoppedAndGivenUp(Duration.ofSeconds(30));
    }

    private void stoppedAndGivenUp(Duration pause) throws Exception {
        cluster.open();
        Waits first = new Waits(cluster.member(1));
        Waits second = new Waits(cluster.member(2));
        cluster.coordinator().begin(Node::passRoundsToTheEnd);
        awaitMoreRounds(cluster.member(1));

        cluster.coordinator().pause();
        await().pollDelay(pause).atMost(PATIENCE).until(() -> true);
        first.assertFailed(Reason.COORDINATOR_LOST);
        second.assertFailed(Reason.COORDINATOR_LOST);
        cluster.coordinator().resume();

        await().atMost(PATIENCE).until(() -> cluster.coordinator().run(Node::members) == 0);
        // It goes on with whoever comes now.
        try (NodeProcess another = cluster.launch(1)) {
            NodeScenario plan = cluster.plan();
            another.run(node -> node.join(plan));
            another.begin(Node::passRoundsToTheEnd);
            awaitMoreRounds(another);
        }
    }

    @Test
    void startedAnewItIsNotTakenForTheOneBefore() throws Exception {
        cluster.open();
        Waits first = new Waits(cluster.member(1));
        Waits second = new Waits(cluster.member(2));
        NodeProcess next = cluster.launch(0);

        cluster.coordinator().kill();
        cluster.replace(0, next);
        NodeScenario alone = cluster.plan().withMembers(1);
        next.run(node -> node.coordinate(alone));
        // Whatever the new session does at once, the old members are to have nothing of it.
        try (NodeProcess another = cluster.launch(1)) {
            another.run(node -> node.join(alone));
            next.begin(Node::passRoundsToTheEnd);
            CompletableFuture<RoundsReport> rounds = another.begin(Node::passRoundsToTheEnd);
            CompletableFuture<StreamReport> received = another.begin(Node::receiveToTheEnd);
            next.run(node -> node.send(Messages.upToMedium(1, 500)));

            first.assertFailed(Reason.COORDINATOR_LOST);
            second.assertFailed(Reason.COORDINATOR_LOST);
            await().atMost(cluster.plan().coordinatorLossBound())
                    .until(() -> !cluster.member(1).run(Node::isOpen)
                            && !cluster.member(2).run(Node::isOpen));
            assertThat(first.received.get().digests().count()).isZero();
            assertThat(second.received.get().digests().count()).isZero();
            assertThat(first.rounds.get().rounds()).isZero();
            assertThat(second.rounds.get().rounds()).isZero();
            awaitMoreRounds(another);
            assertThat(rounds).isNotDone();
            assertThat(received).isNotDone();
        }
    }

    /** The waits of a member: in a round, and for a message. */
    private final class Waits {

        private final CompletableFuture<RoundsReport> rounds;
        private final CompletableFuture<StreamReport> received;

        Waits(NodeProcess member) {
            rounds = member.begin(Node::passRoundsToTheEnd);
            received = member.begin(Node::receiveToTheEnd);
        }

        /** The coordinator has gone just now. */
        void assertFailed(Reason... reasons) throws Exception {
            Duration bound = cluster.plan().coordinatorLossBound();
            assertThat(rounds).succeedsWithin(bound);
            assertThat(received).succeedsWithin(bound);
            assertThat(rounds.get().reason()).isIn((Object[]) reasons);
            assertThat(received.get().reason()).isIn((Object[]) reasons);
        }
    }

    private static void awaitMoreRounds(NodeProcess node) throws Exception {
        long before = node.run(Node::roundsPassed);
        await().atMost(PATIENCE).until(() -> node.run(Node::roundsPassed) > before + 10);
    }
}
