package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.MemberConfig;
import io.camure.node.session.Codecs;
import io.camure.node.session.MemberPlace;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.EchoAnswers;
import io.camure.protocol.group.MemberLink;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.EchoFlag;
import io.camure.wire.Extension;
import io.camure.wire.JoinToken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A visit to a session, to try what the network lets through: is let in as a member is, by the same sockets, secret and certificates, asks
 * for echoes, and says goodbye. It is in no group, so that nobody waits for it. For one thread.
 */
final class Visit implements AutoCloseable {

    /** However much comes, it is looked now and then whether the time is over. */
    static final int MOST_BATCHES = 64;

    private static final int LARGEST_BYTES = 65507;

    /** Between two requests, so that a node answers all of them. */
    private static final long PACE_NANOS = MILLISECONDS.toNanos(12);

    private static final long MULTICAST_PACE_NANOS = MILLISECONDS.toNanos(60);

    private static final long FIRST_REPEAT_NANOS = MILLISECONDS.toNanos(100);

    final MemberPlace place;
    final InetSocketAddress coordinator;
    private final DatagramPort port;
    private final PortTransmitter transmitter;
    private final Execution execution;

    /** Time begins with the visit. */
    private final long originNanos;

    private final Extension offer;
    private final ChunkReader chunk = new ChunkReader();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_BYTES);
    private final Echoes echoes;

    /** How often it has asked to be let in, and when for the last time. */
    private int joined;

    private long joinedNanos;
    private JoinToken token = JoinToken.NONE;
    private final ProtocolCounters counters = new ProtocolCounters();
    private final WorkInTurn handshakes = new WorkInTurn();
    private final DatagramCodec codec;
    private final Outbox outbox;
    private final EchoAnswers echoAnswers;
    private long sentNanos;
    private @Nullable Welcome welcome;
    private @Nullable Extension refusal;

    /** Whether the coordinator said that it takes secured members only, which it says by a refusal that tells nothing. */
    private boolean sealed;

    private @Nullable InetSocketAddress stranger;
    private InetSocketAddress answering;

    /**
     * What the coordinator has said of its session.
     *
     * @param answer {@code null} from one that speaks only protocol 0.1
     */
    record Welcome(
            InetSocketAddress multicastAddress,
            int chunkBytes,
            long heartbeatNanos,
            @Nullable Extension answer) {

        boolean can(Capability capability) {
            Extension said = answer;
            return said != null && capability.isIn(said.capabilities());
        }
    }

    Visit(InetSocketAddress coordinator, MemberPlace place, MemberConfig config) throws IOException {
        this.coordinator = coordinator;
        answering = coordinator;
        this.place = place;
        execution = place.provider().execution();
        originNanos = execution.nanoTime();
        codec = Codecs.of(config, coordinator, execution.newRandom(), handshakes);
        outbox = new Outbox(codec);
        echoAnswers = new EchoAnswers(null, true, outbox, counters);
        port = place.open();
        transmitter = new PortTransmitter(port);
        port.noteHopLimits();
        sentNanos = -MULTICAST_PACE_NANOS;
        echoes = new Echoes(execution.newRandom().nextInt());
        // A doctor needs no probes: it finds out itself what it does not hear.
        offer = Extension.offer(
                        Capability.ECHOES.mask()
                                | Capability.JOIN_ANSWERS.mask()
                                | Capability.HARDENED.mask()
                                | Capability.HARDENED_ONLY.mask(),
                        0,
                        port.receiveBufferBytes(),
                        execution.newRandom().nextLong() | 1)
                .withName("doctor of " + config.name())
                .withSessionName(config.sessionName().orElse(""));
    }

    InetSocketAddress address() {
        return port.localAddress();
    }

    /** What it sends and receives by. */
    DatagramPort port() {
        return port;
    }

    /** How many routers the answers have passed; {@code null} where that can't be told. */
    @Nullable
    Hops hops() {
        return echoes.hops();
    }

    /** Asks to be let in until there is an answer, of whatever kind. */
    void join(long patienceNanos) throws IOException, InterruptedException {
        long endNanos = now() + patienceNanos;
        long repeatNanos = FIRST_REPEAT_NANOS;
        do {
            askToJoin();
            await(this::isAnswered, Math.min(repeatNanos, endNanos - now()));
            repeatNanos *= 2;
        } while (!isAnswered() && endNanos - now() > 0);
    }

    /** Also shows that this node is still there, which an echo does not: anybody could send one in its name. */
    private void askToJoin() {
        ByteBuffer request = outbox.control();
        ChunkWriter.session(request, ChunkType.SESSION_JOIN);
        offer.withToken(token).write(request);
        Extension.pad(request, MemberLink.JOIN_BYTES);
        joined++;
        joinedNanos = now();
        outbox.sendWritten(coordinator, request);
        transmit();
    }

    private boolean isAnswered() {
        return welcome != null || refusal != null || sealed;
    }

    @Nullable
    Welcome welcome() {
        return welcome;
    }

    /** Whether the session is sealed, into which a node in clear is not let. */
    boolean isSealed() {
        return sealed;
    }

    /** Why a handshake by certificates has failed, or {@code null}. */
    @Nullable
    String handshakeFailure() {
        return codec.failure();
    }

    /** What the coordinator has said of itself when it did not let this node in, or {@code null}. */
    @Nullable
    Extension refusal() {
        return refusal;
    }

    /** Where a welcome came from that was asked for elsewhere, or {@code null}. */
    @Nullable
    InetSocketAddress stranger() {
        return stranger;
    }

    /** From where the coordinator answers, which a member goes by: where it was asked, unless the answer shows who gave it. */
    InetSocketAddress answering() {
        return answering;
    }

    int asked() {
        return joined;
    }

    void listen(InetSocketAddress multicastAddress) throws IOException {
        port.joinMulticast(multicastAddress);
    }

    /** Asks the coordinator; waits before, so that it can answer. */
    Echo ask(int bytes, EchoFlag... flags) throws IOException, InterruptedException {
        boolean multicast = List.of(flags).contains(EchoFlag.BY_MULTICAST);
        return ask(coordinator, multicast ? MULTICAST_PACE_NANOS : PACE_NANOS, bytes, flags);
    }

    /** Asks whoever takes what is sent to the multicast address. */
    Echo askByMulticast(InetSocketAddress multicastAddress, int bytes) throws IOException, InterruptedException {
        return ask(multicastAddress, MULTICAST_PACE_NANOS, bytes);
    }

    private Echo ask(InetSocketAddress destination, long paceNanos, int bytes, EchoFlag... flags)
            throws IOException, InterruptedException {
        await(() -> false, sentNanos + paceNanos - now());
        Echo echo = echoes.begin(now());
        ChunkWriter.echo(datagram.clear(), ChunkType.ECHO_REQUEST, echo.number, flags);
        sentNanos = echo.sentNanos;
        outbox.send(destination, datagram.clear(), 0, bytes - outbox.overheadBytes());
        transmit();
        return echo;
    }

    private void transmit() {
        outbox.transmit(transmitter);
        port.flush();
    }

    long now() {
        return execution.nanoTime() - originNanos;
    }

    /** Takes what comes until a condition holds or the time is over; tells whether it holds. */
    boolean await(BooleanSupplier condition, long nanos) throws IOException, InterruptedException {
        long endNanos = now() + nanos;
        while (true) {
            for (int i = 0; i < MOST_BATCHES && port.receive() > 0; i++) {
                port.handOver(this::onDatagram);
            }
            if (handshakes.run(this::now)) {
                transmit();
            }
            long leftNanos = endNanos - now();
            if (condition.getAsBoolean() || leftNanos <= 0) {
                return condition.getAsBoolean();
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            port.awaitDatagram(Math.min(leftNanos, untilSignOfLifeNanos()));
        }
    }

    /** Gives one, if it is time, and tells when the next one is due. */
    private long untilSignOfLifeNanos() {
        Welcome in = welcome;
        if (in == null) {
            return Long.MAX_VALUE;
        }
        if (now() - joinedNanos >= in.heartbeatNanos()) {
            askToJoin();
        }
        return joinedNanos + in.heartbeatNanos() - now();
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer received) {
        if (codec.takes(source, received, outbox, counters, now())) {
            transmit();
            return;
        } else if (codec.open(source, received, chunk) != null) {
            return;
        }
        if (welcome == null && refusal == null && isAnswer()) {
            answering = source;
        }
        boolean known = source.equals(coordinator) || source.equals(answering);
        switch (chunk.type()) {
            case SESSION_WELCOME -> {
                if (known) {
                    onWelcome();
                } else {
                    stranger = source;
                }
            }
            case SESSION_REFUSED -> onRefused(known);
            case ECHO_REQUEST -> {
                if (known) {
                    echoAnswers.onRequest(source, chunk, now());
                    transmit();
                }
            }
            // By multicast it may come from one more address, and the number tells it.
            case ECHO_ANSWER -> echoes.onAnswer(chunk, port.hopLimit(), now());
            default -> {
                // The traffic of the session.
            }
        }
    }

    /** Whether this answers this very node, wherever it comes from. */
    private boolean isAnswer() {
        Extension said = chunk.extension();
        return said != null
                && said.echo() == offer.incarnation()
                && (chunk.type() == ChunkType.SESSION_WELCOME || chunk.type() == ChunkType.SESSION_REFUSED);
    }

    private void onRefused(boolean known) {
        if (known && chunk.extension() == null) {
            sealed = true;
        } else if (known) {
            refusal = chunk.extension();
        }
    }

    private void onWelcome() {
        Extension answer = chunk.extension();
        if (answer != null && !answer.token().equals(JoinToken.NONE)) {
            // The coordinator wants to know first that this node receives what is sent to its address.
            token = answer.token();
            askToJoin();
        } else if (welcome == null) {
            welcome = new Welcome(
                    chunk.multicastAddress(), chunk.chunkSizeBytes(), chunk.heartbeatIntervalNanos(), answer);
        }
    }

    /** Says goodbye. */
    @Override
    public void close() throws IOException {
        Welcome answered = welcome;
        Extension said = answered == null ? null : answered.answer();
        if (said != null) {
            ByteBuffer farewell = outbox.control();
            ChunkWriter.session(farewell, ChunkType.SESSION_LEAVE);
            offer.withMemberId(said.memberId()).write(farewell);
            outbox.sendWritten(coordinator, farewell);
            transmit();
        }
        port.close();
    }
}
