package io.camure.test;

import static io.camure.test.CamureAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.MemberConfig;
import io.camure.MemberLoss;
import io.camure.Node;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.RoundTimeoutException;
import io.camure.SessionStartException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of scripted nodes, without Spring. */
@Timeout(120)
class ScriptedPeersTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Consumer<CoordinatorConfig.Builder> QUICK =
            settings -> settings.heartbeatInterval(Duration.ofMillis(50)).memberTimeout(Duration.ofSeconds(4));

    private static final Consumer<MemberConfig.Builder> QUICK_MEMBER =
            settings -> settings.coordinatorTimeout(Duration.ofSeconds(4));

    private final CamureTestNetwork network = CamureTestNetwork.withSeed(42).patience(LONG);

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void meetAtABarrier() throws Exception {
        CamureTestCoordinator coordinator = network.startCoordinator();
        CoordinatorBarrier startLine = coordinator.createBarrier(0, 2);
        CamureTestMember alice = network.joinMember("alice");
        CamureTestMember bob = network.joinMember("bob");

        Round round = network.awaitRound(startLine, alice.joinBarrier(0), bob.joinBarrier(0));

        assertThat(round).hasNumber(0).hasParticipants(3).hasLost().tookAtMost(LONG);
        assertThat(startLine).hasMembers(bob, alice).hasMemberCount(2);
        assertThat(alice.member().transport()).isEqualTo("memory");
        assertThat(alice.address().toString()).startsWith("alice/10.74.0.");
    }

    @Test
    void receiveMessages() throws Exception {
        CamureTestCoordinator coordinator = network.startCoordinator();
        BroadcastGroup prices = coordinator.createBroadcast(1, 1);
        network.nameGroup("prices", 1);
        CamureTestInbox inbox = network.joinMember("alice").joinBroadcast("prices");
        assertThat(inbox).hasReceivedNothing();

        prices.send("one".getBytes(StandardCharsets.UTF_8));
        prices.send("zwö".getBytes(StandardCharsets.UTF_8));

        assertThat(inbox.awaitMessages(2)).hasSize(2);
        assertThat(inbox).hasReceived("one", "zwö");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(inbox).hasReceived("zwö", "one"))
                .withMessageContaining("messages received by alice, group 1");
    }

    @Test
    void namesThatNobodyKnowsAreRefused() throws Exception {
        network.startCoordinator();
        network.nameGroup("prices", 1);
        CamureTestMember alice = network.joinMember("alice");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> alice.joinBroadcast("price"))
                .withMessageContaining("price;")
                .withMessageContaining("prices=1");
        assertThatIllegalStateException()
                .isThrownBy(() -> network.joinMember("alice"))
                .withMessageContaining("alice");
        assertThatExceptionOfType(SessionStartException.class).isThrownBy(network::startCoordinator);
    }

    @Test
    void everythingArrivesThroughALossyNetwork() throws Exception {
        BroadcastGroup files = network.startCoordinator().createBroadcast(1, 1);
        CamureTestInbox inbox = network.joinMember("alice").joinBroadcast(1);
        byte[] content = new byte[500_000];
        new Random(1).nextBytes(content);
        network.lose(0.05).duplicate(0.05).reorder(0.05);

        files.send(content);
        files.flush(LONG);

        assertThat(inbox.awaitMessages(1).get(0).bytes()).isEqualTo(content);
        assertThat(network.datagrams().lost()).isPositive();
        assertThat(network.datagrams().duplicated()).isPositive();
    }

    @Test
    void aPausedMemberIsWaitedForUntilItGoesOn() throws Exception {
        CoordinatorBarrier startLine = network.startCoordinator(QUICK.andThen(settings -> settings.memberTimeout(LONG)))
                .createBarrier(0, 1);
        CamureTestMember alice = network.joinMember("alice");
        Barrier atAlice = alice.joinBarrier(0);
        network.awaitRound(startLine, atAlice);

        alice.pause();
        CompletableFuture<CompletableFuture<Round>> arriving = CompletableFuture.supplyAsync(atAlice::awaitAsync);
        assertThatExceptionOfType(RoundTimeoutException.class)
                .isThrownBy(() -> startLine.await(Duration.ofMillis(300)))
                .satisfies(late -> assertThat(late.missingMembers())
                        .extracting(Node::address)
                        .containsExactly(alice.address()));
        alice.resume();

        assertThat(startLine.await(LONG)).hasNumber(1);
        arriving.get(60, TimeUnit.SECONDS).get(60, TimeUnit.SECONDS);
    }

    @Test
    void aCrashedMemberIsNamedInTheBrokenRound() throws Exception {
        CoordinatorBarrier startLine = network.startCoordinator(QUICK)
                .createBarrier(GroupConfig.builder()
                        .id(0)
                        .expectedMembers(2)
                        .onMemberLoss(MemberLoss.BREAK)
                        .build());
        CamureTestMember alice = network.joinMember("alice");
        CamureTestMember bob = network.joinMember("bob");
        Barrier atAlice = alice.joinBarrier(0);
        network.awaitRound(startLine, atAlice, bob.joinBarrier(0));

        bob.crash();

        RoundBrokenException broken =
                catchThrowableOfType(RoundBrokenException.class, () -> network.awaitRound(startLine, atAlice));
        assertThat(broken.missingMembers()).extracting(Node::address).containsExactly(bob.address());
        assertThat(bob.isRunning()).isFalse();
        assertThat(network.peers()).extracting(CamureTestPeer::name).containsExactly("coordinator", "alice");
    }

    @Test
    void aMemberThatClosesIsNotMissed() throws Exception {
        CoordinatorBarrier startLine = network.startCoordinator().createBarrier(0, 2);
        CamureTestMember alice = network.joinMember("alice");
        CamureTestMember bob = network.joinMember("bob");
        Barrier atAlice = alice.joinBarrier(0);
        network.awaitRound(startLine, atAlice, bob.joinBarrier(0));

        bob.close();
        bob.close();

        assertThat(network.awaitRound(startLine, atAlice)).hasParticipants(2).hasLost();
        assertThat(startLine).hasMembers(alice);
        network.joinMember("bob").joinBarrier(0);
        network.awaitMembers(startLine, 2);
    }

    @Test
    void aMemberThatIsCutOffLosesItsSession() throws Exception {
        CoordinatorBarrier startLine = network.startCoordinator(QUICK).createBarrier(0, 1);
        CamureTestMember alice = network.joinMember("alice", QUICK_MEMBER);
        Barrier atAlice = alice.joinBarrier(0);

        network.partition("alice");

        alice.awaitSessionLost();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> atAlice.await(LONG))
                .satisfies(lost -> assertThat(lost.reason()).isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST));
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(startLine).hasMembers());
    }

    @Test
    void aCoordinatorComesBackWithItsGroups() throws Exception {
        CamureTestCoordinator coordinator = network.startCoordinator(QUICK);
        CoordinatorBarrier before = coordinator.createBarrier(0, 1);
        coordinator.createBroadcast(GroupConfig.defaults());
        CamureTestMember alice = network.joinMember("alice", QUICK_MEMBER);
        network.awaitRound(before, alice.joinBarrier(0));

        coordinator.crash();
        alice.awaitSessionLost();
        alice.close();
        coordinator.restart();

        CamureTestMember next = network.joinMember("alice");
        assertThat(network.awaitRound(coordinator.barrier(0), next.joinBarrier(0)))
                .hasNumber(0);
        assertThat(coordinator.broadcast(1).isOpen()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> coordinator.barrier(1));
        assertThat(network.peers()).containsExactly(coordinator, next);
    }

    @Test
    void sessionsOfOneNetworkDoNotDisturbEachOther() throws Exception {
        CamureTestSession orders = network.session("orders");
        BroadcastGroup ofOrders = orders.startCoordinator().createBroadcast(1, 1);
        BroadcastGroup ofOthers = network.startCoordinator().createBroadcast(1, 1);
        CamureTestInbox atAlice = orders.joinMember("alice").joinBroadcast(1);
        CamureTestInbox atBob = network.joinMember("bob").joinBroadcast(1);

        ofOrders.send("order".getBytes(StandardCharsets.UTF_8));
        ofOthers.send("other".getBytes(StandardCharsets.UTF_8));

        atAlice.awaitMessages(1);
        atBob.awaitMessages(1);
        assertThat(atAlice).hasReceived("order");
        assertThat(atBob).hasReceived("other");
        assertThat(orders.coordinatorHost().hostName()).isEqualTo("orders-coordinator");
    }
}
