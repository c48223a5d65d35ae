package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.node.ChunkSize;
import io.camure.node.CoordinatorPlace;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.EchoAnswers;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.Extension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other side for a doctor where no session runs: stands in the place of a coordinator, lets in whoever asks and answers
 * echoes. Unlike a coordinator it also takes what is sent to the multicast address. {@link #run} is for one thread,
 * {@link #close} for any.
 */
public final class ListeningDoctor implements AutoCloseable {

    private static final long LONGEST_WAIT_NANOS = MILLISECONDS.toNanos(200);

    private final CoordinatorPlace place;
    private final CoordinatorConfig config;
    private final DatagramPort port;
    private final Execution execution;
    private final CoordinatorSession session;
    private final EchoAnswers echoAnswers;
    private final InetSocketAddress multicastAddress;
    private final ChunkReader chunk = new ChunkReader();
    private final Set<InetSocketAddress> visitors = new HashSet<>();
    private final Consumer<String> log;

    /** Both guarded by this. */
    private boolean running;

    private boolean closed;

    private ListeningDoctor(CoordinatorPlace place, CoordinatorConfig config, DatagramPort port, Consumer<String> log) {
        this.place = place;
        this.config = config;
        this.port = port;
        this.log = log;
        execution = place.provider().execution();
        SessionSettings settings =
                place.settings(port, ChunkSize.of(place, config).sizes(), config);
        multicastAddress = settings.multicastAddress();
        session = new CoordinatorSession(
                settings,
                config.sessionName().orElse(""),
                place.groupSources(port.localAddress(), config),
                config.term(),
                execution.newRandom(),
                DatagramCodec.PLAIN);
        boolean multicast = config.delivery() != DeliveryMode.UNICAST;
        echoAnswers =
                new EchoAnswers(multicast ? multicastAddress : null, multicast, session.outbox(), session.counters());
    }

    /**
     * Binds the addresses that a coordinator would.
     *
     * @param bindAddress {@code null} for the one that a coordinator would choose
     * @param multicastAddress {@code null} for the one that a coordinator would derive
     * @param config of the coordinator that has or will have this node's place
     * @param log is told who comes and goes, by the thread that runs this
     * @throws io.camure.SessionStartException when no coordinator could start here
     * @throws IOException when the address is taken or none of this machine's
     */
    public static ListeningDoctor open(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig config,
            Consumer<String> log)
            throws IOException {
        CoordinatorPlace place = CoordinatorPlace.of(bindAddress, multicastAddress, config);
        DatagramPort port = place.open(config);
        try {
            ListeningDoctor doctor = new ListeningDoctor(place, config, port, log);
            if (config.delivery() != DeliveryMode.UNICAST) {
                port.joinMulticast(doctor.multicastAddress);
            }
            return doctor;
        } catch (Throwable e) {
            port.close();
            throw e;
        }
    }

    /** Where it is asked. */
    public InetSocketAddress address() {
        return port.localAddress();
    }

    /** Where it listens, and why. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("listening at " + place.describe(address(), multicastAddress, config));
        lines.addAll(place.warnings());
        return lines;
    }

    /** Answers until it is closed, or for as long as told; {@link Long#MAX_VALUE} for ever. */
    public void run(long nanos) throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            running = true;
        }
        long beginNanos = execution.nanoTime();
        try {
            while (!isClosed() && execution.nanoTime() - beginNanos < nanos) {
                port.awaitDatagram(LONGEST_WAIT_NANOS);
                long nowNanos = execution.nanoTime() - beginNanos;
                while (port.receive() > 0) {
                    port.handOver((source, datagram) -> onDatagram(source, datagram, nowNanos));
                    flush();
                }
                session.onDeadline(nowNanos);
                flush();
            }
        } finally {
            end();
        }
    }

    private synchronized void end() throws IOException {
        closed = true;
        port.close();
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        if (source.equals(address()) || chunk.read(datagram) != null) {
            return;
        }
        if (chunk.type() == ChunkType.ECHO_REQUEST) {
            echoAnswers.onRequest(source, chunk, nowNanos);
            return;
        }
        noteVisitor(source);
        session.onDatagram(source, datagram, nowNanos);
    }

    private void noteVisitor(InetSocketAddress source) {
        Extension said = chunk.extension();
        String who = Format.node(said == null ? "" : said.name(), source);
        if (chunk.type() == ChunkType.SESSION_JOIN && visitors.add(source)) {
            log.accept(who + " came");
        } else if (chunk.type() == ChunkType.SESSION_LEAVE && visitors.remove(source)) {
            log.accept(who + " left");
        }
    }

    private void flush() {
        session.outbox().takeEvents();
        session.outbox().transmit(port::send);
        port.flush();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Has {@link #run} end soon, which closes the sockets. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed && !running) {
            port.close();
        } else if (!closed) {
            port.wakeUp();
        }
        closed = true;
    }
}
