package io.camure.protocol;

import io.camure.protocol.base.StateMachine;
import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Somebody who sends to the nodes of a session in each other's names, and sees nothing of what they say. What it sends must
 * change nothing that the simulation checks.
 */
final class SimulatedStranger {

    private static final InetSocketAddress NOBODY = new InetSocketAddress("10.0.9.6", 6666);
    private static final int[] IDS = {
        0, 1, 2, 10, 11, 12, 13, 14, 20, 21, 22, 23, 30, 31, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 57
    };

    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final Supplier<List<SimulatedProcess>> present;
    private final long pauseNanos;

    SimulatedStranger(
            SimulatedNetwork network,
            SplittableRandom random,
            Supplier<List<SimulatedProcess>> present,
            long pauseNanos) {
        this.network = network;
        this.random = random;
        this.present = present;
        this.pauseNanos = pauseNanos;
        next();
    }

    private void next() {
        network.after(random.nextLong(1, pauseNanos), () -> {
            List<SimulatedProcess> processes = present.get();
            InetSocketAddress member = processes.isEmpty() || random.nextInt(8) == 0
                    ? NOBODY
                    : processes.get(random.nextInt(processes.size())).address();
            boolean toCoordinator = random.nextBoolean();
            InetSocketAddress target = toCoordinator ? SimulatedCoordinator.ADDRESS : member;
            StateMachine node = network.isAlive(target) ? network.node(target) : null;
            if (node != null && !network.isPaused(target)) {
                node.onDatagram(toCoordinator ? member : SimulatedCoordinator.ADDRESS, datagram(), network.nowNanos());
            }
            next();
        });
    }

    private ByteBuffer datagram() {
        ByteBuffer datagram = ByteBuffer.allocate(400);
        if (random.nextInt(4) == 0) {
            ChunkWriter.session(datagram, random.nextBoolean() ? ChunkType.SESSION_JOIN : ChunkType.SESSION_LEAVE);
            Extension.offer(random.nextBoolean() ? Capability.ALL : 0x7F, 128, 1 << 20, random.nextLong())
                    .withSessionName(SimulatedCoordinator.SESSION_NAME)
                    .write(datagram);
            Extension.pad(datagram, 200);
            return datagram.flip();
        }
        datagram.put((byte) IDS[random.nextInt(IDS.length)]);
        datagram.putShort((short) (random.nextBoolean() ? SimulatedMember.BARRIER : SimulatedMember.BROADCAST));
        datagram.putShort((short) random.nextInt(random.nextBoolean() ? 16 : 1 << 16));
        for (int i = random.nextInt(40); i > 0; i--) {
            datagram.put((byte) random.nextInt());
        }
        return datagram.flip()
                .limit(random.nextInt(4) == 0 ? random.nextInt(1, datagram.limit() + 1) : datagram.limit());
    }
}
