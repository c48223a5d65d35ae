package io.camure;

import static io.camure.test.support.Loopback.BRIEF;
import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages from a coordinator to its members. */
class BroadcastTest {

    private static final int PAYLOAD = 1472 - 10;

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] next(BroadcastReceiver receiver) throws Exception {
        return receiver.receive(LONG).orElseThrow().bytes();
    }

    private static String nextText(BroadcastReceiver receiver) throws Exception {
        return new String(next(receiver), UTF_8);
    }

    private static void send(BroadcastGroup group, String text) throws InterruptedException {
        group.send(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, PAYLOAD - 1, PAYLOAD, PAYLOAD + 1, 2 * PAYLOAD - 1, 2 * PAYLOAD, 2 * PAYLOAD + 1, 1 << 20})
    void aMessageOfAnyLengthArrivesAsItWasSent(int length) throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        byte[] message = randomBytes(length);
        Background<byte[]> received = Background.run(() -> next(receiver));

        group.send(message);
        group.flush(LONG);

        assertThat(received.result()).isEqualTo(message);
        assertThat(group.messagesSent()).isEqualTo(1);
        assertThat(receiver.messagesReceived()).isEqualTo(1);
    }

    @Test
    void theLargestChunksArrive() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().chunkSize(65507));
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        byte[] message = randomBytes(1 << 20);
        Background<byte[]> received = Background.run(() -> next(receiver));

        group.send(message);

        assertThat(received.result()).isEqualTo(message);
    }

    @Test
    void everyMemberGetsEachMessageOnceAndInOrder() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        List<Background<List<Integer>>> members = new ArrayList<>();
        for (Member member : loopback.members(coordinator, 3)) {
            BroadcastReceiver receiver = member.joinBroadcast(group.id());
            members.add(Background.run(() -> {
                List<Integer> lengths = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    lengths.add(next(receiver).length);
                }
                return lengths;
            }));
        }

        for (int i = 0; i < 1000; i++) {
            group.send(new byte[3 * i]);
        }
        group.flush(LONG);

        for (Background<List<Integer>> member : members) {
            assertThat(member.result())
                    .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> 3 * i).toList());
        }
    }

    @Test
    void whoJoinsWhileAMessageIsWrittenGetsTheNextOne() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        List<Member> members = loopback.members(coordinator, 2);
        BroadcastReceiver early = members.get(0).joinBroadcast(group.id());
        Message begun;
        Background<BroadcastReceiver> joining;
        try (MessageWriter writer = group.newMessage()) {
            writer.write(new byte[3 * PAYLOAD]);
            // Who joins before the first part has left gets the whole message.
            begun = early.receive(LONG).orElseThrow();
            joining = Background.run(() -> members.get(1).joinBroadcast(group.id()));
            joining.awaitBlocked();
            writer.write(new byte[3 * PAYLOAD]);
            await().during(BRIEF).atMost(LONG).until(() -> !joining.isDone());
            writer.complete();
        }
        BroadcastReceiver late = joining.result();
        send(group, "next");

        assertThat(nextText(late)).isEqualTo("next");
        assertThat(begun.bytes()).hasSize(6 * PAYLOAD);
        assertThat(nextText(early)).isEqualTo("next");
    }

    @Test
    void theFirstMessageWaitsForTheExpectedMembers() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group =
                coordinator.createBroadcast(GROUP.toBuilder().expectedMembers(2).build());
        List<Member> members = loopback.members(coordinator, 2);
        Background<Void> sending = Background.run(() -> {
            send(group, "first");
            return null;
        });
        sending.awaitBlocked();
        BroadcastReceiver first = members.get(0).joinBroadcast(group.id());
        assertThat(first.receive(BRIEF)).isEmpty();
        assertThat(sending.isDone()).isFalse();

        BroadcastReceiver second = members.get(1).joinBroadcast(group.id());

        sending.result();
        assertThat(nextText(first)).isEqualTo("first");
        assertThat(nextText(second)).isEqualTo("first");
    }

    @Test
    void withoutMembersAMessageReachesNobody() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        for (int i = 0; i < 1000; i++) {
            send(group, "unheard");
        }
        group.flush(LONG);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        send(group, "heard");

        assertThat(nextText(receiver)).isEqualTo("heard");
    }

    @Test
    void aMessageCanBeReadWhileItArrives() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        byte[] content = randomBytes(4 * PAYLOAD + 10);
        try (MessageWriter writer = group.newMessage()) {
            writer.write(content, 0, 2 * PAYLOAD + 1);
            InputStream reading = receiver.receive(LONG).orElseThrow().inputStream();
            assertThat(reading.readNBytes(2 * PAYLOAD)).isEqualTo(Arrays.copyOfRange(content, 0, 2 * PAYLOAD));

            Background<byte[]> rest = Background.run(reading::readAllBytes);
            rest.awaitBlocked();
            writer.write(content, 2 * PAYLOAD + 1, content.length - 2 * PAYLOAD - 1);
            assertThat(rest.isDone()).isFalse();
            writer.complete();
            assertThat(rest.result()).isEqualTo(Arrays.copyOfRange(content, 2 * PAYLOAD, content.length));
            assertThat(reading.read()).isEqualTo(-1);
        }
    }

    @Test
    void aMessageOfMoreChunksThanThereAreSequenceNumbersInHalfATurnArrivesWhole() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().chunkSize(508).sendWindow(32));
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(
                        coordinator, MemberConfig.builder().receiveWindow(128))
                .joinBroadcast(group.id());
        Background<byte[]> digestOfReader = Background.run(() -> {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in =
                    new DigestInputStream(receiver.receive(LONG).orElseThrow().inputStream(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return digest.digest();
        });

        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] part = randomBytes(503 * 100);
        group.send(out -> {
            OutputStream digested = new DigestOutputStream(out, digest);
            for (int i = 0; i < 340; i++) {
                part[0] = (byte) i;
                digested.write(part);
            }
        });
        group.flush(LONG);

        assertThat(digestOfReader.result()).isEqualTo(digest.digest());
    }

    @Test
    void messagesOfSeveralThreadsStayWhole() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup group = coordinator.createBroadcast(GROUP);
        BroadcastReceiver receiver = loopback.member(coordinator).joinBroadcast(group.id());
        List<Background<Void>> senders = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            byte value = (byte) i;
            senders.add(Background.run(() -> {
                for (int n = 0; n < 50; n++) {
                    byte[] message = new byte[3 * PAYLOAD];
                    Arrays.fill(message, value);
                    group.send(message);
                }
                return null;
            }));
        }

        Map<Byte, Integer> counts = new HashMap<>();
        for (int n = 0; n < 200; n++) {
            byte[] message = next(receiver);
            assertThat(message).hasSize(3 * PAYLOAD).containsOnly(message[0]);
            counts.merge(message[0], 1, Integer::sum);
        }
        for (Background<Void> sender : senders) {
            sender.result();
        }
        assertThat(counts).isEqualTo(Map.of((byte) 1, 50, (byte) 2, 50, (byte) 3, 50, (byte) 4, 50));
    }
}
