package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.PathReport;
import io.camure.wire.ProbeMark;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of probes that find out how long datagrams may be to each node, see {@link Path}: a round goes to all nodes at once
 * that are tried, by multicast once for all that hear it, and soon behind it each is asked which of the probes came.
 */
final class Paths {

    /** Those of common networks and tunnels, without which a length between two of them is lost. */
    private static final int[] MTUS = {
        576, 768, 1024, 1152, 1240, 1260, 1280, 1300, 1320, 1340, 1360, 1380, 1400, 1410, 1420, 1430, 1440, 1450, 1454,
        1458, 1460, 1464, 1470, 1476, 1480, 1488, 1492, 1496, 1500, 2048, 3000, 4000, 6000, 8000, 8500, 8900, 9000
    };

    private static final int IPV4_HEADERS_BYTES = 28;
    private static final int IPV6_HEADERS_BYTES = 48;

    /** A round goes to no further node when it has so many datagrams. */
    private static final int ROUND_DATAGRAMS = 500;

    /** The question must not overtake what it is about, which is read from another socket. */
    private static final long ASK_NANOS = MILLISECONDS.toNanos(10);

    private final SessionSettings settings;
    private final Outbox outbox;
    private final long mark;
    private final int[] ladder;
    private final List<Peer> asked = new ArrayList<>();
    private int round;
    private long roundNanos = RetryTimer.NEVER;
    private long askNanos = RetryTimer.NEVER;

    /** The next round begins no earlier: nobody is to hear of another one before it has told of the last. */
    private long notBeforeNanos = Long.MIN_VALUE;

    /** The last probe by multicast that had a long one beside it, and the number of that; 0 for none. */
    private int besideProbe;

    private int besideRound;

    private ByteBuffer toNode = ByteBuffer.allocate(0);
    private ByteBuffer toGroup = toNode;

    /** @param mark shows members that a probe is one of the coordinator */
    Paths(SessionSettings settings, long incarnation, long mark, Outbox outbox) {
        this.settings = settings;
        this.mark = mark;
        this.outbox = outbox;
        // Others than those of an earlier incarnation of the coordinator.
        round = (int) (incarnation >>> Integer.SIZE);
        boolean ipv6 = settings.multicastAddress().getAddress() instanceof Inet6Address;
        int headersBytes = ipv6 ? IPV6_HEADERS_BYTES : IPV4_HEADERS_BYTES;
        int most = settings.chunkSizeBytes();
        ladder = IntStream.concat(
                        IntStream.of(PathSizes.LEAST_BYTES, most),
                        Arrays.stream(MTUS).map(mtu -> mtu - headersBytes))
                .filter(bytes -> bytes >= PathSizes.LEAST_BYTES && bytes <= most)
                .sorted()
                .distinct()
                .toArray();
    }

    /** A node has come, or may have to be found out about for another reason. */
    private void note(Peer peer, long nowNanos) {
        if (!peer.path().isTried()) {
            long dueNanos =
                    Math.max(Math.max(nowNanos, notBeforeNanos), peer.path().nextRoundNanos());
            roundNanos = Math.min(roundNanos, dueNanos);
        }
    }

    /** A node has told what it heard, if it has told anything and is in the session. */
    void onTold(@Nullable Peer peer, @Nullable Extension offer, long nowNanos) {
        if (peer != null && offer != null) {
            onTold(peer, offer.heardProbe(), offer.path(), nowNanos);
        }
    }

    private void onTold(Peer peer, int heardProbe, PathReport report, long nowNanos) {
        boolean hears = peer.hearing().hears();
        if (report.asked()) {
            peer.path().onReport(report, round, hears, nowNanos);
        }
        boolean ofAnother = report.round() - besideRound > 0;
        if (hears && besideProbe != 0 && heardProbe == besideProbe && !ofAnother) {
            peer.path().onHeardBeside(heardProbe, report.round() == besideRound ? report.multicastBytes() : 0);
        }
        note(peer, nowNanos);
    }

    /** Whether a node is reached otherwise than before. */
    boolean noteReach(Peer peer, PeerTable peers, long nowNanos) {
        boolean hearingChanged = peers.noteHearing(peer, outbox);
        note(peer, nowNanos);
        return takeChange(peer) || hearingChanged;
    }

    /** Whether the length of what is sent to a node has changed, which is told. */
    private boolean takeChange(Peer peer) {
        Path path = peer.path();
        int before = path.toldBytes();
        if (!path.takeChange()) {
            return false;
        }
        outbox.tell(new SessionEvent.PathChanged(
                peer.identity(), before, path.bytes(), path.isLowered(), path.unicastFails(), path.multicastFails()));
        return true;
    }

    void onDeadline(Collection<Peer> peers, long nowNanos) {
        if (nowNanos >= askNanos) {
            askNanos = RetryTimer.NEVER;
            asked.forEach(this::ask);
            asked.clear();
        }
        if (nowNanos >= roundNanos) {
            beginRound(peers, nowNanos);
        }
    }

    private void beginRound(Collection<Peer> peers, long nowNanos) {
        beginProbes();
        int datagrams = 0;
        long nextNanos = RetryTimer.NEVER;
        for (Peer peer : peers) {
            Path path = peer.path();
            if (datagrams < ROUND_DATAGRAMS && path.begin(nowNanos)) {
                path.onRound(round, nowNanos);
                datagrams += path.isTried() ? probe(peer) : 0;
            }
            nextNanos = Math.min(nextNanos, path.nextRoundNanos());
        }
        if (!asked.isEmpty()) {
            probeGroup();
            askNanos = nowNanos + ASK_NANOS;
            notBeforeNanos = nowNanos + Path.PAUSE_NANOS;
        }
        roundNanos = Math.max(nextNanos, notBeforeNanos);
    }

    /** Prepares what all probes of a round begin with. */
    private void beginProbes() {
        // 0 means none.
        round = round == -1 ? 1 : round + 1;
        int bytes = settings.chunkSizeBytes() - outbox.overheadBytes();
        if (toNode.capacity() == 0) {
            toNode = ByteBuffer.allocateDirect(bytes);
            toGroup = ByteBuffer.allocateDirect(bytes);
        }
        outbox.detach(toNode, 0, bytes);
        outbox.detach(toGroup, 0, bytes);
        write(toNode.clear(), 0);
        write(toGroup.clear(), ChunkWriter.PATH_TO_GROUP);
    }

    private void write(ByteBuffer probe, int flags) {
        ChunkWriter.pathProbe(probe, round, flags);
        ProbeMark.put(probe, mark);
    }

    /** @return how many datagrams it takes */
    private int probe(Peer peer) {
        asked.add(peer);
        int goalBytes = peer.path().goalBytes();
        int count = 0;
        for (int i = 0; peer.path().isSearching() && i < ladder.length && ladder[i] < goalBytes; i++) {
            outbox.send(peer.address(), toNode, 0, ladder[i] - outbox.overheadBytes());
            count++;
        }
        outbox.send(peer.address(), toNode, 0, goalBytes - outbox.overheadBytes());
        return count + 1;
    }

    private void probeGroup() {
        boolean searching = false;
        List<Integer> lengths = new ArrayList<>();
        for (Peer peer : asked) {
            if (peer.hearing().hears()) {
                searching |= peer.path().isSearching();
                lengths.add(peer.path().goalBytes());
            }
        }
        if (searching) {
            Arrays.stream(ladder).forEach(lengths::add);
        }
        sendToGroup(lengths);
    }

    private void sendToGroup(List<Integer> lengths) {
        lengths.stream()
                .distinct()
                .sorted()
                .forEach(bytes -> outbox.send(settings.multicastAddress(), toGroup, 0, bytes - outbox.overheadBytes()));
    }

    private void ask(Peer peer) {
        ByteBuffer question = outbox.control();
        write(question, ChunkWriter.PATH_ASKS);
        outbox.sendWritten(peer.address(), question);
    }

    /**
     * A probe has been sent to the multicast address: sends long ones beside it, as long as what is sent to those that hear it.
     *
     * @param probe its number
     */
    void sendBeside(int probe, Collection<Peer> peers) {
        besideProbe = 0;
        if (!asked.isEmpty()
                || roundNanos != RetryTimer.NEVER
                        && peers.stream().anyMatch(peer -> peer.path().isTried())) {
            // What is reported now is another round.
            return;
        }
        List<Integer> lengths = peers.stream()
                .filter(peer ->
                        peer.can(Capability.PATH_PROBES) && peer.hearing().hears())
                .map(peer -> peer.path().bytes())
                .filter(bytes -> bytes > PathSizes.LEAST_BYTES)
                .toList();
        if (!lengths.isEmpty() && settings.delivery() != GroupDelivery.UNICAST) {
            beginProbes();
            besideProbe = probe;
            besideRound = round;
            sendToGroup(lengths);
        }
    }

    long nextDeadlineNanos() {
        return Math.min(roundNanos, askNanos);
    }
}
