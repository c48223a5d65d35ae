package io.camure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Headers;
import io.camure.protocol.SimulatedNetwork.Transmission;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunks whose messages begin with headers, alone and in bundles, for those who know headers. */
class HeadersOnTheWayTest extends LoneBroadcast {

    private final Session session = new Session();
    private final ManagedGroup<BroadcastSending> known =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, Session.AUTOMATIC, SlowMemberPolicy.WAIT);
    private JoinedGroup<BroadcastReceiving> member;
    private List<Transmission> sent;

    @BeforeEach
    void join() {
        member = session.member().joinBroadcast(1);
        session.settle();
        sent = session.network.record();
    }

    private void write(boolean hasHeaders, int bytes) {
        known.work()
                .window()
                .write(
                        hasHeaders ? ChunkType.BROADCAST_MESSAGE_WITH_HEADERS : ChunkType.BROADCAST_MESSAGE,
                        ByteBuffer.allocate(bytes),
                        session.now());
    }

    private List<Transmission> chunksSent() {
        session.network.runFor(SendWindow.GATHER_NANOS);
        return sent.stream().filter(t -> t.type().isBroadcast()).toList();
    }

    private List<String> read() {
        List<String> messages = new ArrayList<>();
        ReceiveWindow window = member.work().window();
        while (window.nextType() != null) {
            assertThat(window.nextType()).isEqualTo(ChunkType.BROADCAST_MESSAGE);
            messages.add((window.nextHasHeaders() ? "headers " : "") + window.nextBytes());
            window.read(new byte[500], 0, window.nextBytes(), session.now());
        }
        return messages;
    }

    @Test
    void messagesWithAndWithoutHeadersShareADatagram() {
        for (int i = 0; i < 8; i++) {
            write(i % 2 == 0, 10 + i);
        }

        assertThat(chunksSent())
                .extracting(Transmission::type)
                .containsExactly(ChunkType.BROADCAST_MESSAGE_WITH_HEADERS, ChunkType.BROADCAST_BUNDLE);
        session.settle();
        assertThat(read())
                .containsExactly("headers 10", "11", "headers 12", "13", "headers 14", "15", "headers 16", "17");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void headersCostNothingButTheirBytes(boolean hasHeaders) {
        for (int i = 0; i < 5; i++) {
            write(hasHeaders, 20);
        }

        assertThat(chunksSent()).extracting(t -> t.bytes().length).containsExactly(10 + 20, 10 + 4 * (2 + 20));
    }

    /** The example of docs/protocol.md. */
    @Test
    void threeMessagesOfABundleAreAsSpecified() {
        write(false, 0);
        Headers rate = Headers.builder().type("rate").key("EUR").build();
        List<byte[]> messages = List.of(
                new byte[] {'a'},
                ByteBuffer.allocate(13).put(rate.encoded()).put((byte) 'b').array(),
                new byte[] {'c'});
        for (int i = 0; i < 3; i++) {
            known.work()
                    .window()
                    .write(
                            i == 1 ? ChunkType.BROADCAST_MESSAGE_WITH_HEADERS : ChunkType.BROADCAST_MESSAGE,
                            ByteBuffer.wrap(messages.get(i)),
                            session.now());
        }

        assertThat(HexFormat.of().formatHex(chunksSent().get(1).bytes()))
                .endsWith("2b" + "000161" + "800d0b" + "020472617465" + "0403455552" + "62" + "000163");
    }

    @Test
    void messagesOfABundleCanBePassedOver() {
        for (int i = 0; i < 4; i++) {
            write(i > 0, 10 + i);
        }
        session.settle();
        ReceiveWindow window = member.work().window();
        window.skip(session.now());
        window.skip(session.now());

        assertThat(read()).containsExactly("headers 12", "headers 13");
    }

    @Test
    void theyAreForThoseWhoAllKnowThem() {
        assertThat(window.receipts().areHeadersTaken()).as("there is nobody").isTrue();
        assertThat(known.work().window().receipts().areHeadersTaken()).isTrue();
        join(NODE);

        assertThat(window.receipts().areHeadersTaken()).as("an earlier build").isFalse();
        assertThat(window.receipts().withoutHeaders())
                .singleElement()
                .satisfies(node -> assertThat(node.address()).isEqualTo(NODE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyWhoKnowsThemIsLetInBeforeAMessageThatWasBegunWithThem(boolean known) {
        int knowing = EarlierBuild.CAPABILITIES | Capability.HEADERS.mask();
        ask(NODE, knowing, 4);
        acknowledgeWelcome(NODE);
        for (int i = 0; i < 4; i++) {
            write();
        }
        // There is no room for it, so nothing of it is sent.
        write(ChunkType.BROADCAST_FIRST_FRAGMENT_WITH_HEADERS, 300);
        coordinator.sent();
        ask(OTHER, known ? knowing : EarlierBuild.CAPABILITIES, 4);

        assertThat(coordinator.sent())
                .filteredOn(sent -> sent.type() == ChunkType.GROUP_WELCOME)
                .hasSize(known ? 1 : 0);
    }

    private void ask(InetSocketAddress node, int capabilities, int windowChunks) {
        coordinator.receive(node, chunk -> {
            ChunkWriter.groupJoin(chunk, GROUP, GroupType.BROADCAST);
            Extension.offer(capabilities, windowChunks, 1 << 20, 1)
                    .withMembership(MEMBERSHIP)
                    .write(chunk);
        });
    }
}
