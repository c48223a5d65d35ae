package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camure.faults.network.Capture;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.NodeScenario.Protection;
import io.camure.wire.CertificateChunk;
import io.camure.wire.HandshakeChunk;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody who listens on the network between the nodes of a session, with tcpdump. */
@NeedsNamespaces
class EavesdropperFaultTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MEMBERS = 2;
    private static final int ROUNDS = 20;
    private static final int MESSAGES = 50;
    private static final String TEXT = "only members of this session may read that; ";

    /** So many bytes of it in a row are nowhere by chance. */
    private static final int PART = 8;

    /** Of many datagrams. */
    private static final String LONG_TEXT = TEXT.repeat(1000);

    @TempDir
    Path directory;

    @BeforeEach
    void requireTcpdump() {
        assumeTrue(Namespaces.canCapture(), "tcpdump is not installed: nobody listens on the network");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEALED", "CERTIFIED"})
    void readsNothingOfASessionThatIsSealed(Protection protection) throws Exception {
        try (Cluster cluster = Cluster.inNamespaces(MEMBERS);
                Capture capture = cluster.network().capture(directory.resolve("sealed.pcap"))) {
            cluster.plan(cluster.plan().withProtection(protection));
            talk(cluster);

            await().atMost(PATIENCE).until(() -> sealed(capture) > ROUNDS + 2 * MESSAGES);
            List<ByteBuffer> datagrams = capture.datagrams();
            assertThat(datagrams).allMatch(each -> isHandshake(each, protection) || SealedHeader.isIn(each));
            assertThat(datagrams).anyMatch(each -> isHandshake(each, protection));
            // An error would show all of it.
            assertThat(text(capture).contains(TEXT.substring(0, PART))).isFalse();
        }
    }

    /** Without this, the other test would show nothing. */
    @Test
    void readsAllOfASessionInClear() throws Exception {
        try (Cluster cluster = Cluster.inNamespaces(MEMBERS);
                Capture capture = cluster.network().capture(directory.resolve("clear.pcap"))) {
            talk(cluster);

            await().atMost(PATIENCE).until(() -> text(capture).contains(TEXT.repeat(20)));
        }
    }

    private static void talk(Cluster cluster) throws Exception {
        cluster.open();
        for (int member = 1; member <= MEMBERS; member++) {
            cluster.member(member).begin(node -> node.passRounds(ROUNDS));
        }
        cluster.coordinator().run(node -> node.passRounds(ROUNDS));
        CompletableFuture<Integer> first = cluster.member(1).begin(node -> node.skip(2 * MESSAGES));
        CompletableFuture<Integer> second = cluster.member(2).begin(node -> node.skip(2 * MESSAGES));
        cluster.coordinator().act(node -> node.say(TEXT, MESSAGES));
        cluster.coordinator().act(node -> node.say(LONG_TEXT, MESSAGES));
        int all = MESSAGES * (TEXT.length() + LONG_TEXT.length());
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(all);
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(all);
    }

    private static boolean isHandshake(ByteBuffer datagram, Protection protection) {
        return protection == Protection.CERTIFIED
                ? CertificateChunk.isIn(datagram)
                : HandshakeChunk.isJoin(datagram)
                        || HandshakeChunk.isWelcome(datagram)
                        || HandshakeChunk.isCookie(datagram);
    }

    private static long sealed(Capture capture) throws Exception {
        return capture.datagrams().stream().filter(SealedHeader::isIn).count();
    }

    /** Whatever it is, byte for byte. */
    private static String text(Capture capture) throws Exception {
        return new String(capture.bytes(), StandardCharsets.ISO_8859_1);
    }
}
