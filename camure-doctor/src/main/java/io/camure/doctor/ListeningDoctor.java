package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.node.ChunkSize;
import io.camure.node.CoordinatorPlace;
import io.camure.node.session.Codecs;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.wire.DropReason;
import io.camure.wire.NodeIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The other side for a doctor where no session runs: stands in the place of a coordinator, lets in up to {@value #MOST_VISITORS}
 * nodes that prove their address, and their secret if there is one, and answers the echo requests of these alone. Unlike a coordinator
 * it also takes what is sent to the multicast address. {@link #run} is for one thread, {@link #close} for any.
 */
public final class ListeningDoctor implements AutoCloseable {

    /** How many are let in at once. */
    public static final int MOST_VISITORS = 64;

    private static final int MOST_BATCHES = 64;
    private static final long LONGEST_WAIT_NANOS = MILLISECONDS.toNanos(200);
    private static final long NOTICE_NANOS = MINUTES.toNanos(1);

    private final CoordinatorPlace place;
    private final CoordinatorConfig config;
    private final DatagramPort port;
    private final PortTransmitter transmitter;
    private final Execution execution;
    private final WorkInTurn handshakes = new WorkInTurn();
    private final CoordinatorSession session;
    private final InetSocketAddress multicastAddress;

    /** From where its own group traffic comes back to it. */
    private final Set<InetSocketAddress> own;

    private final Consumer<String> log;
    private List<NodeIdentity> visitors = List.of();
    private long refused;
    private long noticeNanos;

    /** Both guarded by this. */
    private boolean running;

    private boolean closed;

    private ListeningDoctor(CoordinatorPlace place, CoordinatorConfig config, DatagramPort port, Consumer<String> log) {
        this.place = place;
        this.config = config;
        this.port = port;
        transmitter = new PortTransmitter(port);
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
                Codecs.of(config, settings, execution.newRandom(), handshakes));
        session.echoes().listen();
        own = Stream.concat(
                        Stream.of(port.localAddress().getAddress()),
                        place.networkInterface().inetAddresses())
                .map(each -> new InetSocketAddress(each, port.localAddress().getPort()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Binds the addresses that a coordinator would.
     *
     * @param bindAddress {@code null} for the one that a coordinator would choose
     * @param multicastAddress {@code null} for the one that a coordinator would derive
     * @param coordinatorConfig of the coordinator that has or will have this node's place
     * @param log is told who comes and goes, and once a minute at most how much was refused, by the thread that runs this
     * @throws io.camure.SessionStartException when no coordinator could start here
     * @throws IOException when the address is taken or none of this machine's
     */
    public static ListeningDoctor open(
            @Nullable InetSocketAddress bindAddress,
            @Nullable InetSocketAddress multicastAddress,
            CoordinatorConfig coordinatorConfig,
            Consumer<String> log)
            throws IOException {
        // Who can't prove its address could have this node send to others.
        CoordinatorConfig config = coordinatorConfig.toBuilder()
                .acceptLegacy(false)
                .maximumMembers(Math.min(MOST_VISITORS, coordinatorConfig.maximumMembers()))
                .build();
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

    /** Answers until it is closed or the thread is interrupted, or for as long as told; {@link Long#MAX_VALUE} for ever. */
    public void run(long nanos) throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            running = true;
        }
        long beginNanos = execution.nanoTime();
        try {
            while (!isClosed()
                    && !Thread.currentThread().isInterrupted()
                    && execution.nanoTime() - beginNanos < nanos) {
                port.awaitDatagram(LONGEST_WAIT_NANOS);
                long nowNanos = execution.nanoTime() - beginNanos;
                // However much comes, the end and the deadlines are looked at now and then.
                for (int i = 0; i < MOST_BATCHES && port.receive() > 0; i++) {
                    port.handOver((source, datagram) -> onDatagram(source, datagram, nowNanos));
                    flush();
                }
                session.onDeadline(nowNanos);
                handshakes.run(() -> execution.nanoTime() - beginNanos);
                flush();
                noteVisitors();
                if (nowNanos >= noticeNanos) {
                    noteRefused(nowNanos);
                }
            }
            noteRefused(0);
        } finally {
            end();
        }
    }

    private synchronized void end() throws IOException {
        closed = true;
        port.close();
    }

    private void onDatagram(InetSocketAddress source, ByteBuffer datagram, long nowNanos) {
        if (!own.contains(source)) {
            session.onDatagram(source, datagram, nowNanos);
        }
    }

    private void flush() {
        for (SessionEvent event : session.outbox().takeEvents()) {
            if (event instanceof SessionEvent.JoinRefused other) {
                log.accept("refused " + Format.node(other.node()) + ", which is to be in "
                        + Format.session(other.sessionName()) + ", see --session-name");
            } else if (event instanceof SessionEvent.LegacyRefused legacy) {
                log.accept("refused " + Format.node(legacy.node())
                        + ", which speaks only protocol 0.1 or runs an earlier build");
            }
        }
        session.outbox().transmit(transmitter);
        port.flush();
    }

    private void noteVisitors() {
        List<NodeIdentity> here = Stream.of(
                        session.echoes().members(), session.echoes().visitors())
                .flatMap(List::stream)
                .toList();
        here.stream().filter(each -> !visitors.contains(each)).forEach(each -> log.accept(Format.node(each) + " came"));
        visitors.stream().filter(each -> !here.contains(each)).forEach(each -> log.accept(Format.node(each) + " left"));
        visitors = here;
    }

    private void noteRefused(long nowNanos) {
        ProtocolCounters counters = session.counters();
        // Each visitor is asked once to prove its address.
        List<DropReason> reasons = Arrays.stream(DropReason.values())
                .filter(reason -> reason != DropReason.UNPROVEN && counters.dropped(reason) > 0)
                .toList();
        long all = reasons.stream().mapToLong(counters::dropped).sum();
        if (all > refused) {
            refused = all;
            noticeNanos = nowNanos + NOTICE_NANOS;
            log.accept("refused datagrams so far: "
                    + reasons.stream()
                            .map(reason -> reason.label() + " " + counters.dropped(reason))
                            .collect(Collectors.joining(", ")));
        }
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
