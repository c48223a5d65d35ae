package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.node.session.MemberPlace;
import io.camure.protocol.group.MemberLink;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Asks in clear whether anybody is there where a sealed join was not answered, which a coordinator does not do that has no secret or another
 * one. Says no name, and goes no further than the first answer, so that it is let in nowhere.
 */
final class Knock {

    private static final int TRIES = 3;
    private static final long PATIENCE_NANOS = MILLISECONDS.toNanos(300);

    private final InetSocketAddress coordinator;
    private final ChunkReader chunk = new ChunkReader();
    private Answer answer = Answer.NONE;

    /** Who is there. */
    enum Answer {
        /** Nobody who answers. */
        NONE,
        /** A coordinator without a secret. */
        IN_CLEAR,
        /** A coordinator that takes sealed joins only. */
        SEALED
    }

    private Knock(InetSocketAddress coordinator) {
        this.coordinator = coordinator;
    }

    static Answer at(InetSocketAddress coordinator, MemberPlace place) throws IOException, InterruptedException {
        Knock knock = new Knock(coordinator);
        try (DatagramPort port = place.open()) {
            knock.ask(port, place.provider().execution());
        }
        return knock.answer;
    }

    private void ask(DatagramPort port, Execution execution) throws IOException, InterruptedException {
        ByteBuffer join = ByteBuffer.allocateDirect(MemberLink.JOIN_BYTES);
        ChunkWriter.session(join, ChunkType.SESSION_JOIN);
        Extension.offer(
                        Capability.JOIN_ANSWERS.mask() | Capability.HARDENED.mask() | Capability.HARDENED_ONLY.mask(),
                        0,
                        0,
                        execution.newRandom().nextLong() | 1)
                .write(join);
        Extension.pad(join, MemberLink.JOIN_BYTES);
        for (int i = 0; i < TRIES && answer == Answer.NONE; i++) {
            join.clear();
            port.send(join, join.remaining(), coordinator);
            port.flush();
            await(port, execution);
        }
    }

    private void await(DatagramPort port, Execution execution) throws IOException, InterruptedException {
        long endNanos = execution.nanoTime() + PATIENCE_NANOS;
        while (answer == Answer.NONE && endNanos - execution.nanoTime() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            port.awaitDatagram(endNanos - execution.nanoTime());
            for (int i = 0; i < Visit.MOST_BATCHES && port.receive() > 0; i++) {
                port.handOver(this::onDatagram);
            }
        }
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer datagram) {
        if (!source.equals(coordinator) || chunk.read(datagram) != null) {
            return;
        }
        if (chunk.type() == ChunkType.SESSION_WELCOME) {
            answer = Answer.IN_CLEAR;
        } else if (chunk.type() == ChunkType.SESSION_REFUSED) {
            answer = chunk.extension() == null ? Answer.SEALED : Answer.IN_CLEAR;
        }
    }
}
