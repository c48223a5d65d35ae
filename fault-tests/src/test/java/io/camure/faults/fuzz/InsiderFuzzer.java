package io.camure.faults.fuzz;

import static io.camure.faults.fuzz.FuzzedNode.check;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.GroupDelivery;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A sealed session, and somebody who has the keys that all of its members have, and seals by them whatever it likes. A member stays in
 * its session and its groups, and is released from no round. Afterwards its peers themselves say by their links what they like.
 */
public final class InsiderFuzzer {

    private static final int MOST_DATAGRAMS = 512;
    private static final int SEED_BYTES = 32;
    private static final int LARGEST_ID = 80;
    private static final int BARRIER = 0;
    private static final int BROADCAST = 1;
    private static final InetSocketAddress COORDINATOR = FuzzedNode.address(1, 7400);
    private static final InetSocketAddress MEMBER = FuzzedNode.address(2, 10000);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    private static final SessionSettings SETTINGS = new SessionSettings(
            MULTICAST,
            PathSizes.given(FuzzedNode.CHUNK_BYTES),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(5),
            0,
            5,
            64,
            1 << 20,
            "coordinator",
            GroupDelivery.MULTICAST,
            false);

    private static final Secret SECRET = new Secret(new byte[Secret.SHORTEST_BYTES]);

    private final FuzzInput input;
    private final List<byte[]> seeds = new ArrayList<>();
    private final CoordinatorCodec coordinatorCodec =
            new CoordinatorCodec(List.of(SECRET), SealingCipher.AES_128_GCM, SETTINGS, noted(new Random(2)));
    private final MemberCodec memberCodec = new MemberCodec(SECRET, COORDINATOR, new Random(4));
    private final CoordinatorSession coordinator = new CoordinatorSession(SETTINGS, new Random(1), coordinatorCodec);
    private final MemberSession member = new MemberSession(
            new MemberSettings(COORDINATOR, TimeUnit.SECONDS.toNanos(5), 128, 1 << 20, "member"),
            new Random(3),
            memberCodec);
    private final List<byte[]> toCoordinator = new ArrayList<>();
    private final List<byte[]> toMember = new ArrayList<>();
    private final FuzzedNode coordinatorNode =
            new FuzzedNode(coordinator, MOST_DATAGRAMS, datagram -> toMember.add(copy(datagram)));
    private final FuzzedNode memberNode =
            new FuzzedNode(member, MOST_DATAGRAMS, datagram -> toCoordinator.add(copy(datagram)));
    private ManagedGroup<BroadcastSending> sending;
    private JoinedGroup<BarrierArrival> arrivals;
    private JoinedGroup<BroadcastReceiving> stream;
    private byte[] sessionSeed;
    private byte[] barrierSeed;
    private byte[] broadcastSeed;

    /** The number of the next datagram that is forged. */
    private long number = 1L << 20;

    private boolean lied;

    private InsiderFuzzer(FuzzInput input) {
        this.input = input;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new InsiderFuzzer(new FuzzInput(data)).run();
    }

    /** Keeps what the keys of all are made of, which members are told. */
    private RandomGenerator noted(Random random) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return random.nextLong();
            }

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
                if (bytes.length == SEED_BYTES) {
                    seeds.add(bytes.clone());
                }
            }
        };
    }

    private static byte[] copy(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return bytes;
    }

    private void run() {
        coordinator.create(BarrierKind.BARRIER, BARRIER, new Admission(true, 0), LossPolicy.CONTINUE);
        sending = coordinator.create(BroadcastKind.BROADCAST, BROADCAST, new Admission(true, 0), SlowMemberPolicy.WAIT);
        member.join(0);
        exchange();
        sessionSeed = seeds.get(0);
        arrivals = member.join(BarrierKind.BARRIER, BARRIER, memberNode.nowNanos());
        exchange();
        barrierSeed = seeds.get(seeds.size() - 1);
        stream = member.join(BroadcastKind.BROADCAST, BROADCAST, memberNode.nowNanos());
        exchange();
        broadcastSeed = seeds.get(seeds.size() - 1);
        check(forge(SealedHeader.Scope.GROUP, BROADCAST, data()) == 1, "the keys are those of the session");
        while (!input.isEmpty()) {
            step();
        }
    }

    private byte[] data() {
        ByteBuffer data = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        ChunkWriter.tagged(
                data,
                ChunkType.BROADCAST_MESSAGE,
                BROADCAST,
                sending.work().window().nextSequence(),
                sending.epoch());
        return copy(data.flip());
    }

    /** Has all that was said arrive, and what is answered. */
    private void exchange() {
        coordinatorNode.transmit();
        memberNode.transmit();
        while (!toCoordinator.isEmpty() || !toMember.isEmpty()) {
            while (!toCoordinator.isEmpty()) {
                coordinatorNode.receive(MEMBER, ByteBuffer.wrap(toCoordinator.remove(0)));
            }
            while (!toMember.isEmpty()) {
                memberNode.receive(COORDINATOR, ByteBuffer.wrap(toMember.remove(0)));
            }
        }
    }

    private void step() {
        switch (input.below(8)) {
            case 0, 1 -> forge(SealedHeader.Scope.GROUP, BARRIER, text(BARRIER));
            case 2, 3 -> forge(SealedHeader.Scope.GROUP, BROADCAST, text(BROADCAST));
            case 4 -> forge(SealedHeader.Scope.SESSION, 0, text(input.below(3)));
            case 5 -> lie();
            case 6 -> {
                if (arrivals.state() == JoinedGroup.State.JOINED) {
                    arrivals.work().arrive(memberNode.nowNanos());
                }
                exchange();
            }
            default -> {
                int size = input.next() % 31;
                coordinatorNode.pass(size);
                memberNode.pass(size);
                exchange();
            }
        }
    }

    /** A chunk of some type of a group and whatever behind it, at times as if there were codes. */
    private byte[] text(int group) {
        if (input.below(4) == 0) {
            return copy(input.bytes(1 + input.below(64)));
        }
        ByteBuffer text = ByteBuffer.allocate(FuzzedNode.CHUNK_BYTES);
        text.put((byte) input.below(LARGEST_ID + 1)).putShort((short) group);
        text.put(input.bytes(input.next()));
        if (input.below(2) == 0) {
            text.put(new byte[8 * input.below(4)]).put((byte) input.below(4));
        }
        return copy(text.flip());
    }

    /** Tells how many chunks are taken more than before. */
    private long forge(SealedHeader.Scope scope, int place, byte[] text) {
        byte[] seed =
                scope == SealedHeader.Scope.SESSION ? sessionSeed : place == BARRIER ? barrierSeed : broadcastSeed;
        String use = scope == SealedHeader.Scope.SESSION ? "session" : "group";
        long round = arrivals.work().outcome().round();
        long before = member.counters().received();
        memberNode.receive(COORDINATOR, ByteBuffer.wrap(sealed(seed, use, scope, place, text)));
        check(arrivals.work().outcome().round() == round, "no member ends a round");
        if (!lied) {
            check(member.loss() == null, "no member ends the session of another");
            check(arrivals.state() == JoinedGroup.State.JOINED, "or puts it out of a barrier");
            check(stream.state() == JoinedGroup.State.JOINED, "or of a broadcast");
        }
        return member.counters().received() - before;
    }

    private byte[] sealed(byte[] seed, String use, SealedHeader.Scope scope, int place, byte[] text) {
        byte[] header = new byte[SealedHeader.BYTES];
        SealedHeader.write(header, scope, 0, place, number);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(seed, "HmacSHA256"));
            mac.update(("camure " + use + " 1").getBytes(StandardCharsets.US_ASCII));
            byte[] key = Arrays.copyOf(mac.doFinal(new byte[] {1}), 16);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = ByteBuffer.allocate(12).putLong(4, number).array();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(header);
            byte[] ciphertext = cipher.doFinal(text);
            number++;
            return ByteBuffer.allocate(header.length + ciphertext.length)
                    .put(header)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM and HMAC-SHA-256", e);
        }
    }

    /** One of the two says to the other what it likes. */
    private void lie() {
        lied = true;
        byte[] text = text(input.below(3));
        if (text.length == 0) {
            return;
        }
        if (input.below(2) == 0) {
            coordinatorCodec.seal(
                    ByteBuffer.wrap(text),
                    text.length,
                    MEMBER,
                    (run, bytes, to) -> memberNode.receive(COORDINATOR, ByteBuffer.wrap(copy(run.duplicate()))));
        } else {
            memberCodec.seal(
                    ByteBuffer.wrap(text),
                    text.length,
                    COORDINATOR,
                    (run, bytes, to) -> coordinatorNode.receive(MEMBER, ByteBuffer.wrap(copy(run.duplicate()))));
        }
    }
}
