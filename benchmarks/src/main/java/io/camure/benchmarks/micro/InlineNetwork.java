package io.camure.benchmarks.micro;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.security.CoordinatorCodec;
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

/** A coordinator and its members in one thread, with nothing between them: what one sends the other takes at once. */
final class InlineNetwork {

    static final int CHUNK_BYTES = 1472;
    static final int WINDOW_CHUNKS = 512;

    private static final int RECEIVE_BUFFER_BYTES = 1 << 21;
    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    private static final SessionSettings SETTINGS = new SessionSettings(
            MULTICAST,
            PathSizes.given(CHUNK_BYTES),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.HOURS.toNanos(1),
            0,
            65535,
            WINDOW_CHUNKS,
            RECEIVE_BUFFER_BYTES,
            "coordinator",
            GroupDelivery.MULTICAST,
            true);

    private static final Secret SECRET = new Secret(new byte[32]);

    final CoordinatorSession coordinator;
    final List<MemberSession> members = new ArrayList<>();

    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final DatagramCodec.Transmitter toMembers = this::toMembers;
    private final DatagramCodec.Transmitter toCoordinator = this::toCoordinator;
    private InetSocketAddress speaker = COORDINATOR;

    /** Stands still but for {@link #pass}, so that no timer is in the way. */
    long nowNanos;

    /** @param sealed whether its nodes share a secret */
    InlineNetwork(int memberCount, boolean sealed) {
        coordinator = new CoordinatorSession(
                SETTINGS,
                new Random(1),
                sealed
                        ? new CoordinatorCodec(List.of(SECRET), SealingCipher.AES_128_GCM, SETTINGS, new Random(-1))
                        : DatagramCodec.PLAIN);
        for (int i = 0; i < memberCount; i++) {
            addresses.add(new InetSocketAddress("10.0." + (1 + (i >> 8)) + "." + (i & 0xFF), 7400));
            MemberSession member = new MemberSession(
                    new MemberSettings(COORDINATOR, TimeUnit.HOURS.toNanos(1), 128, RECEIVE_BUFFER_BYTES, "member"),
                    new Random(i + 2),
                    sealed ? new MemberCodec(SECRET, COORDINATOR, new Random(-i - 2)) : DatagramCodec.PLAIN);
            members.add(member);
            member.join(nowNanos);
        }
        settle();
    }

    /** Delivers until nobody has anything to send. */
    void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (int i = 0; i < members.size(); i++) {
                MemberSession member = members.get(i);
                if (member.nextDeadlineNanos() <= nowNanos) {
                    member.onDeadline(nowNanos);
                }
                if (member.outbox().hasDatagrams()) {
                    busy = true;
                    speaker = addresses.get(i);
                    member.outbox().transmit(toCoordinator);
                }
            }
            if (coordinator.nextDeadlineNanos() <= nowNanos) {
                coordinator.onDeadline(nowNanos);
            }
            if (coordinator.outbox().hasDatagrams()) {
                busy = true;
                coordinator.outbox().transmit(toMembers);
            }
        }
    }

    void pass(long nanos) {
        nowNanos += nanos;
    }

    private void toCoordinator(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        coordinator.onDatagram(speaker, datagrams, nowNanos);
    }

    private void toMembers(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination) {
        int end = datagrams.limit();
        for (int start = datagrams.position(); start < end; start += datagramBytes) {
            datagrams.limit(Math.min(start + datagramBytes, end)).position(start);
            if (destination == MULTICAST) {
                for (int i = 0; i < members.size(); i++) {
                    members.get(i).onDatagram(COORDINATOR, datagrams, nowNanos);
                }
            } else {
                members.get(addresses.indexOf(destination)).onDatagram(COORDINATOR, datagrams, nowNanos);
            }
        }
    }
}
