package io.camure.faults.fuzz;

import static io.camure.faults.fuzz.FuzzedNode.check;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A coordinator and a member that share a secret, and whoever is between them: it loses, delays, repeats, changes and makes up
 * datagrams. None of those that it has changed, repeated or made up is ever taken.
 */
public final class SealedFuzzer {

    private static final int MOST_DATAGRAMS = 64;

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
            16,
            1 << 20,
            "coordinator",
            GroupDelivery.AUTO,
            true);

    /** So short that keys are changed all the time. */
    private static final KeyLimits LIMITS = new KeyLimits(8, TimeUnit.SECONDS.toNanos(1));

    private static final Secret SECRET = new Secret(new byte[Secret.SHORTEST_BYTES]);

    private final FuzzInput input;
    private final CoordinatorSession coordinator = new CoordinatorSession(
            SETTINGS,
            new Random(1),
            new CoordinatorCodec(List.of(SECRET), SealingCipher.AES_128_GCM, SETTINGS, LIMITS, new Random(2)));
    private final MemberSession member = new MemberSession(
            new MemberSettings(COORDINATOR, TimeUnit.SECONDS.toNanos(5), 128, 1 << 20, "member"),
            new Random(3),
            new MemberCodec(SECRET, COORDINATOR, LIMITS, new Random(4)));
    private final List<Sent> all = new ArrayList<>();
    private final FuzzedNode coordinatorNode =
            new FuzzedNode(coordinator, MOST_DATAGRAMS, datagram -> sent(datagram, false));
    private final FuzzedNode memberNode = new FuzzedNode(member, MOST_DATAGRAMS, datagram -> sent(datagram, true));
    private JoinedGroup<BarrierArrival> barrier;
    private int delivered;

    private record Sent(byte[] bytes, boolean toCoordinator) {}

    private SealedFuzzer(FuzzInput input) {
        this.input = input;
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new SealedFuzzer(new FuzzInput(data)).run();
    }

    private void sent(ByteBuffer datagram, boolean toCoordinator) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        all.add(new Sent(bytes, toCoordinator));
    }

    private void run() {
        coordinator.create(BarrierKind.BARRIER, 0, new Admission(true, 0), LossPolicy.CONTINUE);
        member.join(0);
        memberNode.transmit();
        while (!input.isEmpty()) {
            step();
            check(coordinator.peerCount() <= 1, "nobody but the member gets a seat");
        }
    }

    private void step() {
        switch (input.below(10)) {
            case 0, 1, 2 -> deliver();
            case 3 -> delivered = Math.min(all.size(), delivered + 1);
            case 4 -> repeat();
            case 5, 6 -> change();
            case 7 -> refused(input.below(2) == 0, input.bytes(input.next()));
            case 8 -> pass();
            default -> use();
        }
    }

    private void deliver() {
        if (delivered < all.size()) {
            Sent next = all.get(delivered++);
            node(next.toCoordinator()).receive(source(next.toCoordinator()), ByteBuffer.wrap(next.bytes()));
        }
    }

    private FuzzedNode node(boolean toCoordinator) {
        return toCoordinator ? coordinatorNode : memberNode;
    }

    private static InetSocketAddress source(boolean toCoordinator) {
        return toCoordinator ? MEMBER : COORDINATOR;
    }

    /** What was delivered, or lost: then it arrives late, and may be taken once. */
    private void repeat() {
        if (delivered > 0) {
            Sent earlier = all.get(input.next() % delivered);
            node(earlier.toCoordinator()).receive(source(earlier.toCoordinator()), ByteBuffer.wrap(earlier.bytes()));
            refused(earlier.toCoordinator(), ByteBuffer.wrap(earlier.bytes()));
        }
    }

    private void change() {
        if (!all.isEmpty()) {
            Sent one = all.get(all.size() - 1 - input.next() % Math.min(all.size(), 256));
            byte[] changed = one.bytes().clone();
            changed[input.next() % changed.length] ^= (byte) Math.max(1, input.next());
            refused(one.toCoordinator(), ByteBuffer.wrap(changed));
        }
    }

    private void refused(boolean toCoordinator, ByteBuffer datagram) {
        StateMachine machine = toCoordinator ? coordinator : member;
        long before = machine.counters().received();
        node(toCoordinator).receive(source(toCoordinator), datagram);
        check(machine.counters().received() == before, "what is not authentic and new is not taken");
    }

    private void pass() {
        int size = input.next();
        coordinatorNode.pass(size);
        memberNode.pass(size);
    }

    private void use() {
        if (member.isJoined() && member.loss() == null && barrier == null) {
            barrier = member.join(BarrierKind.BARRIER, 0, memberNode.nowNanos());
        } else if (barrier != null && barrier.state() == JoinedGroup.State.JOINED) {
            barrier.work().arrive(memberNode.nowNanos());
        }
        memberNode.transmit();
    }
}
