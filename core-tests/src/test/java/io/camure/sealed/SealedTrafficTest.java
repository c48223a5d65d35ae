package io.camure.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.Security;
import io.camure.sealed.Recording.Datagram;
import io.camure.sealed.SealedSessionDecoder.Opened;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import io.camure.test.CamureTestSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sealed session says on the wire: nothing to who only listens, everything to who has its keys and the document. */
class SealedTrafficTest {

    private static final byte[] SECRET = "a secret of 32 bytes, for a test".getBytes(StandardCharsets.US_ASCII);
    private static final String PATTERN = "plainly-to-be-seen";
    private static final List<String> NAMES = List.of("gatekeeper", "subscriber-1", "subscriber-2", "stock-prices");
    private static final int PATTERNS = 10_000;
    private static final int SEALED = 53;

    private final Recording recording = new Recording();

    /** Rounds, short and long messages that are full of the pattern, a member that leaves, and the end. */
    private void runSession(Consumer<CamureTestSession> settingsOfSession) throws Exception {
        try (CamureTestNetwork network = CamureTestNetwork.on(recording.execution(), 0)) {
            CamureTestSession session = network.session().sessionName("stock-prices");
            settingsOfSession.accept(session);
            CamureTestCoordinator coordinator = session.startCoordinator(
                    settings -> settings.name("gatekeeper").network(recording.at(session.coordinatorHost())));
            CoordinatorBarrier barrier = coordinator.createBarrier(
                    GroupConfig.builder().id(0).name("stock-prices").build());
            BroadcastGroup broadcast =
                    coordinator.createBroadcast(GroupConfig.builder().id(1).build());
            List<CamureTestMember> members = new ArrayList<>();
            List<BroadcastReceiver> receivers = new ArrayList<>();
            for (String name : List.of("subscriber-1", "subscriber-2")) {
                CamureTestMember member =
                        session.joinMember(name, settings -> settings.network(recording.at(network.host(name))));
                members.add(member);
                receivers.add(member.member().joinBroadcast(1));
            }
            MembershipConfig byName =
                    MembershipConfig.builder().name("stock-prices").build();
            Duration patience = network.patience();
            network.awaitRound(
                    barrier,
                    members.get(0).member().joinBarrier(byName, patience),
                    members.get(1).member().joinBarrier(byName, patience));
            // Until they have said that they hear it, members are served by unicast.
            await().atMost(patience).until(() -> coordinator.coordinator().unicastMembers() == 0);
            for (String message : List.of(PATTERN, PATTERN.repeat(PATTERNS))) {
                broadcast.sendAsync(message.getBytes(StandardCharsets.US_ASCII));
                for (BroadcastReceiver receiver : receivers) {
                    assertThat(receiver.receive(patience).orElseThrow().bytes())
                            .asString(StandardCharsets.US_ASCII)
                            .isEqualTo(message);
                }
            }
            receivers.get(0).close();
            broadcast.flush(patience);
        }
    }

    @Test
    void whoListensFindsNothingButHandshakesAndSealedChunks() throws Exception {
        runSession(session -> session.security(Security.secret(SECRET)));

        for (Datagram datagram : recording.datagrams()) {
            assertThat(datagram).matches(SealedTrafficTest::isHandshakeOrSealed, "handshake or sealed");
            assertThat(text(datagram.bytes())).doesNotContain(PATTERN).doesNotContain(NAMES);
        }
        assertThat(recording.datagrams().stream()
                        .filter(each -> each.to().getAddress().isMulticastAddress()))
                .as("by multicast")
                .hasSizeGreaterThan(PATTERNS * PATTERN.length() / 1500);
    }

    @Test
    void whoListensToASessionInClearReadsAll() throws Exception {
        runSession(session -> {});

        String all =
                recording.datagrams().stream().map(each -> text(each.bytes())).collect(Collectors.joining());
        assertThat(all).contains(PATTERN).contains(NAMES);
        assertThat(recording.datagrams()).noneMatch(SealedTrafficTest::isHandshakeOrSealed);
    }

    @ParameterizedTest
    @EnumSource(Security.Cipher.class)
    void whoHasTheKeysReadsAllByTheDocumentAlone(Security.Cipher cipher) throws Exception {
        runSession(session -> session.security(Security.secret(SECRET).cipher(cipher)));

        SealedSessionDecoder decoder =
                new SealedSessionDecoder(SECRET, recording.randomKeys()).read(recording.datagrams());
        decoder.opened().forEach(System.out::println);
        assertThat(decoder.unopened()).isEmpty();
        assertThat(decoder.opened()).hasSameSizeAs(recording.datagrams());
        assertThat(decoder.opened().stream()
                        .map(each -> ChunkNames.of(each.id()))
                        .collect(Collectors.toSet()))
                .contains("SessionJoin", "SessionWelcome", "GroupJoin", "GroupPending", "GroupWelcome")
                .contains("BarrierReached", "BarrierReleased", "BroadcastTagged", "MulticastProbe", "GroupLeave")
                .noneMatch(name -> name.startsWith("chunk "));
        assertThat(decoder.opened().stream().map(Opened::under).collect(Collectors.toSet()))
                .contains("handshake", "session generation 0", "group 1 generation 0")
                .anyMatch(under -> under.startsWith("link "));
        String all = decoder.opened().stream().map(each -> text(each.chunk())).collect(Collectors.joining());
        assertThat(all).contains(PATTERN).contains(NAMES);
        assertThat(numbersOfOneKey(decoder)).as("used twice").doesNotHaveDuplicates();
    }

    private static List<String> numbersOfOneKey(SealedSessionDecoder decoder) {
        return decoder.opened().stream()
                .filter(each -> !each.under().equals("handshake"))
                .map(each -> each.from() + " " + each.under() + " " + each.number())
                .toList();
    }

    @Test
    void withoutTheSecretOrAnEphemeralKeyThereIsNothingToOpen() throws Exception {
        runSession(session -> session.security(Security.secret(SECRET)));

        byte[] other = Arrays.copyOf(SECRET, SECRET.length);
        other[0]++;
        assertThat(new SealedSessionDecoder(other, recording.randomKeys())
                        .read(recording.datagrams())
                        .opened())
                .isEmpty();
        // The joins are known by their code: their payloads are zeros.
        assertThat(new SealedSessionDecoder(SECRET, List.of())
                        .read(recording.datagrams()).opened().stream()
                                .map(Opened::under)
                                .collect(Collectors.toSet()))
                .isEqualTo(Set.of("handshake"));
    }

    private static boolean isHandshakeOrSealed(Datagram datagram) {
        byte[] bytes = datagram.bytes();
        String hex = HexFormat.of().formatHex(bytes);
        return bytes[0] == SEALED || hex.startsWith("0015") || hex.startsWith("01" + "00".repeat(36) + "15");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
