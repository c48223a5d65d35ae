package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.JoinObstacle;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.JoinToken;
import io.camure.wire.PathReport;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes of this and of other versions of the protocol agree on when they meet. */
class NegotiationTest {

    private static final InetSocketAddress STRANGER = new InetSocketAddress("10.0.0.9", 9000);

    private final Session session = new Session();

    private void fromStranger(String hex) {
        session.coordinator.onDatagram(STRANGER, ByteBuffer.wrap(HexFormat.of().parseHex(hex)), session.now());
    }

    /** What the coordinator answers a stranger that sends a datagram. */
    private List<Transmission> answersTo(String hex) {
        List<Transmission> sent = session.network.record();
        fromStranger(hex);
        session.network.runFor(0);
        return sent.stream().filter(t -> t.destination().equals(STRANGER)).toList();
    }

    private Extension welcomed(List<Transmission> sent, Session.Node node) {
        return sent.stream()
                .filter(t ->
                        t.type() == ChunkType.SESSION_WELCOME && t.destination().equals(node.address))
                .map(t -> t.chunk().extension())
                .filter(answer -> answer.memberId() != 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMemberIsToldTheCapabilitiesTheIncarnationOfTheCoordinatorAndAnIdOfItsOwn() {
        List<Transmission> sent = session.network.record();
        Session.Node node = session.member();
        Extension first = welcomed(sent, node);
        Extension second = welcomed(sent, session.member());

        assertThat(first.isUnderstood()).isTrue();
        assertThat(first.capabilities())
                .isEqualTo(Capability.ALL & ~Capability.HARDENED_ONLY.mask() & ~Capability.RECEIPT_PROOFS.mask());
        assertThat(first.incarnation()).isNotZero().isEqualTo(second.incarnation());
        assertThat(first.echo()).as("it is for this node").isEqualTo(node.session.incarnation());
        assertThat(first.memberId()).isPositive();
        assertThat(second.memberId()).isPositive().isNotEqualTo(first.memberId());
    }

    @Test
    void theIdOfAMemberStaysTheSameHoweverOftenItAsks() {
        Session.Node node = session.member();
        List<Transmission> sent = session.network.record();
        session.network.runFor(SECONDS.toNanos(10));

        assertThat(sent)
                .filteredOn(t -> t.type() == ChunkType.SESSION_WELCOME)
                .hasSizeGreaterThan(3)
                .extracting(t -> t.chunk().extension().memberId())
                .containsOnly(welcomed(sent, node).memberId());
        assertThat(node.session.loss()).isNull();
    }

    @Test
    void aBareJoinIsAnsweredByTheWelcomeOf01AndNothingBehindIt() {
        assertThat(answersTo("00")).singleElement().satisfies(t -> {
            assertThat(t.bytes()).hasSize(37);
            assertThat(t.type()).isEqualTo(ChunkType.SESSION_WELCOME);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"00" + "01020202", "00" + "010201ff" + "7f03aabbcc"})
    void anOfferWithOurVersionIsAnsweredByOne(String hex) {
        assertThat(answersTo(hex))
                .singleElement()
                .extracting(t -> t.chunk().extension())
                .satisfies(answer -> {
                    assertThat(answer.lowestVersion()).isEqualTo(Extension.VERSION);
                    assertThat(answer.highestVersion()).isEqualTo(Extension.VERSION);
                });
    }

    @Test
    void anOfferOfAnotherVersionOnlyIsRefusedByNameAndAdmitsNobody() {
        assertThat(answersTo("00" + "01020307")).singleElement().satisfies(t -> {
            assertThat(t.type()).isEqualTo(ChunkType.SESSION_REFUSED);
            assertThat(t.chunk().extension().isUnderstood()).isTrue();
        });
        assertThat(session.coordinator.counters().dropped(DropReason.UNKNOWN_VERSION))
                .isOne();
        assertThat(session.coordinator.peerCount()).isZero();
    }

    @Test
    void aJoinOfAGroupThatOffersAnotherVersionOnlyAdmitsNobody() {
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);

        assertThat(answersTo("0a000001" + "01020307"))
                .extracting(Transmission::type)
                .containsExactly(ChunkType.SESSION_REFUSED);
        assertThat(group.hasOpenAdmission()).isFalse();
        assertThat(session.coordinator.peerCount()).isZero();
    }

    @Test
    void aBrokenOfferIsCountedAndNotAnswered() {
        session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);

        assertThat(answersTo("00" + "0102")).isEmpty();
        assertThat(answersTo("0a000001" + "010502")).isEmpty();
        assertThat(session.coordinator.counters().dropped(DropReason.BAD_FIELD)).isEqualTo(2);
        assertThat(session.coordinator.peerCount()).isZero();
    }

    private MemberSession joiningMember() {
        MemberSession member = new MemberSession(
                new MemberSettings(COORDINATOR, Session.COORDINATOR_TIMEOUT_NANOS, 128, 1 << 20, "member"),
                new Random(2));
        member.join(0);
        member.outbox().transmit((datagrams, bytes, destination) -> {});
        return member;
    }

    private static ByteBuffer refusal(int lowest, int highest) {
        ByteBuffer refusal = ByteBuffer.allocate(100);
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        new Extension(
                        lowest,
                        highest,
                        0,
                        0,
                        0,
                        1,
                        0,
                        0,
                        "",
                        "",
                        "",
                        GroupDelivery.MULTICAST,
                        0,
                        0,
                        JoinToken.NONE,
                        PathReport.NONE)
                .write(refusal);
        return refusal.flip();
    }

    @Test
    void aMemberThatIsRefusedGivesUpAndSaysWhichVersionsThereAre() {
        MemberSession member = joiningMember();
        member.onDatagram(COORDINATOR, refusal(3, 7), 1);

        assertThat(member.loss()).satisfies(loss -> {
            assertThat(loss.cause()).isEqualTo(Disconnection.Cause.UNKNOWN_VERSION);
            assertThat(loss.detail()).contains("3…7").contains("version " + Extension.VERSION);
        });
        assertThat(member.nextDeadlineNanos()).as("it does not ask again").isEqualTo(RetryTimer.NEVER);
        assertThat(member.outbox().hasDatagrams()).isFalse();
    }

    @Test
    void aRefusalThatMakesNoSenseIsNotBelieved() {
        MemberSession member = joiningMember();
        member.onDatagram(COORDINATOR, refusal(1, 2), 1);
        assertThat(member.obstacle()).as("its version is spoken").isEqualTo(JoinObstacle.SESSION_FULL);
        member.onDatagram(COORDINATOR, ByteBuffer.wrap(new byte[] {40}), 1);
        assertThat(member.loss()).isNull();

        Session.Node joined = session.member();
        joined.session.onDatagram(COORDINATOR, refusal(3, 7), session.now());
        assertThat(joined.session.loss()).as("who is in can't be refused").isNull();
    }

    @Test
    void aWelcomeOfAVersionThatWasNotOfferedIsNotTaken() {
        MemberSession member = joiningMember();
        ByteBuffer welcome = ByteBuffer.allocate(200);
        ChunkWriter.sessionWelcome(welcome, SimulatedNetwork.MULTICAST, 508, SECONDS.toNanos(1));
        new Extension(
                        3,
                        3,
                        0,
                        0,
                        0,
                        1,
                        1,
                        0,
                        "",
                        "",
                        "",
                        GroupDelivery.MULTICAST,
                        0,
                        0,
                        JoinToken.NONE,
                        PathReport.NONE)
                .write(welcome);
        member.onDatagram(COORDINATOR, welcome.flip(), 1);

        assertThat(member.isJoined()).isFalse();
        assertThat(member.counters().dropped(DropReason.BAD_FIELD)).isOne();
    }

    @Test
    void aCoordinatorThatWasStartedAnewWithTheSameSettingsIsNoticed() {
        session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> joined = node.joinBarrier(0);
        session.settle();
        session.startCoordinator(2).create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        session.settle();

        assertThat(node.session.loss())
                .extracting(Disconnection::cause)
                .isEqualTo(Disconnection.Cause.COORDINATOR_LOST);
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.OUT);
    }

    /** Has the coordinator forget a member without its noticing: nothing of it arrives, and it is not told. */
    private void forget(Session.Node node) {
        ManagedGroup<BroadcastSending> chatter =
                session.coordinator.create(BroadcastKind.BROADCAST, 1000, AUTOMATIC, SlowMemberPolicy.WAIT);
        session.member().joinBroadcast(1000);
        byte[] answer = session.answerTo(node);
        session.network.dropIf((source, destination, chunk) -> source.equals(node.address)
                || destination.equals(node.address) && chunk.type() == ChunkType.GROUP_DISCONNECTED);
        int peers = session.coordinator.peerCount();
        for (int i = 0; session.coordinator.peerCount() == peers; i++) {
            Session.write(chatter, i, session.now());
            session.network.runFor(SECONDS.toNanos(1) / 4);
            // It goes on hearing late answers.
            node.session.onDatagram(COORDINATOR, ByteBuffer.wrap(answer), session.now());
        }
        session.network.dropIf((source, destination, chunk) -> false);
        assertThat(node.session.loss()).isNull();
    }

    @Test
    void aMemberThatWasForgottenLearnsByItsNewIdThatItIsOutOfItsGroups() {
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node node = session.member();
        JoinedGroup<BarrierArrival> joined = node.joinBarrier(0);
        session.settle();
        forget(node);
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        session.settle();

        assertThat(joined.disconnection()).extracting(Disconnection::cause).isEqualTo(Disconnection.Cause.EVICTED);
        assertThat(group.memberCount()).isZero();
        assertThat(node.session.loss()).as("it is in the session").isNull();

        JoinedGroup<BarrierArrival> again = node.joinBarrier(0);
        session.settle();
        assertThat(again.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(group.memberCount()).isOne();
    }

    @Test
    void whoJoinsAGroupBeforeItLearnsThatItWasForgottenIsNotCountedOnForNothing() {
        ManagedGroup<BarrierRound> group =
                session.coordinator.create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE);
        Session.Node node = session.member();
        session.settle();
        forget(node);
        JoinedGroup<BarrierArrival> joined = node.joinBarrier(0);
        session.settle();

        assertThat(group.memberCount()).isEqualTo(joined.state() == JoinedGroup.State.JOINED ? 1 : 0);
    }

    @Test
    void aLegacyPeerAtTheAddressOfANegotiatedOneIsNotTakenForIt() {
        assertThat(answersTo("00" + "01020202" + "020400000007")).hasSize(1);
        assertThat(answersTo("00"))
                .singleElement()
                .satisfies(t -> assertThat(t.bytes()).hasSize(37));
        ManagedGroup<BroadcastSending> group =
                session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
        fromStranger("0a000100");
        long first = group.work().window().nextSequence();
        fromStranger(String.format("0c0001%04x", first));
        assertThat(group.memberCount()).isOne();
        List<Transmission> sent = session.network.record();
        for (int i = 0; i < 3; i++) {
            group.work().window().write(ChunkType.BROADCAST_MESSAGE, ByteBuffer.allocate(10), session.now());
        }
        session.settle();

        assertThat(sent)
                .filteredOn(t -> t.source().equals(COORDINATOR))
                .extracting(Transmission::type)
                .doesNotContain(ChunkType.BROADCAST_BUNDLE, ChunkType.BROADCAST_QUERY);
    }
}
