package io.camure.faults.node;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Message;
import io.camure.MessageWriter;
import io.camure.Round;
import io.camure.SessionStatistics;
import io.camure.doctor.Doctor;
import io.camure.doctor.Rung;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** A node's session and what its application does, in the node's own process. */
public final class Node {

    /** Longer than any wait in a test that goes well. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** More than any test has, and fewer than those that only seem to join. */
    private static final int MOST_MEMBERS = 64;

    private final NodeLog log = NodeLog.begin();
    private Coordinator coordinator;
    private Member member;
    private Barrier barrier;
    private BroadcastGroup broadcast;
    private BroadcastReceiver receiver;
    private MessageWriter unfinished;
    private volatile long roundsPassed;
    private volatile boolean insideMessage;
    private volatile boolean stopping;

    /** Starts a coordinator with a barrier and a broadcast. */
    public InetSocketAddress coordinate(NodeScenario plan) {
        CoordinatorConfig.Builder config = CoordinatorConfig.builder()
                .heartbeatInterval(plan.heartbeatInterval())
                .memberTimeout(plan.memberTimeout())
                .maximumMembers(MOST_MEMBERS)
                .acceptLegacy(plan.protection() == NodeScenario.Protection.NONE)
                .transport(plan.transport())
                .delivery(plan.delivery());
        plan.securityOfCoordinator().ifPresent(config::security);
        if (plan.advertised() != null) {
            config.advertisedAddress(plan.advertised());
        }
        if (plan.coordinator() == null) {
            config.sessionName(NodeScenario.NAME);
        }
        coordinator = Coordinator.start(plan.bound(), plan.multicast(), config.build());
        GroupConfig group = GroupConfig.builder()
                .expectedMembers(plan.members())
                .timeout(PATIENCE)
                .build();
        barrier = coordinator.createBarrier(
                group.toBuilder().id(NodeScenario.BARRIER).build());
        broadcast = coordinator.createBroadcast(
                group.toBuilder().id(NodeScenario.BROADCAST).build());
        return coordinator.address();
    }

    /** Joins the session and both groups. */
    public InetSocketAddress join(NodeScenario plan) throws InterruptedException {
        MemberConfig.Builder config = MemberConfig.builder()
                .coordinatorTimeout(plan.coordinatorTimeout())
                .transport(plan.transport());
        plan.securityOfMember().ifPresent(config::security);
        if (plan.coordinator() == null) {
            MemberConfig named = config.sessionName(NodeScenario.NAME).build();
            member = Member.join(Member.announcedCoordinator(named), named);
        } else {
            member = Member.join(plan.coordinator(), config.build());
        }
        barrier = member.joinBarrier(NodeScenario.BARRIER, PATIENCE, PATIENCE);
        receiver = member.joinBroadcast(NodeScenario.BROADCAST, PATIENCE);
        return member.address();
    }

    public void awaitMembers(int count) throws InterruptedException {
        ((CoordinatorBarrier) barrier).awaitMembers(count, PATIENCE);
        broadcast.awaitMembers(count, PATIENCE);
    }

    public int members() {
        return ((CoordinatorBarrier) barrier).members().size();
    }

    /** What camure has said in the log, each with its level. */
    public ArrayList<String> log() {
        return log.lines();
    }

    /** At the coordinator: how many do not hear group traffic. */
    public int deafMembers() {
        return coordinator.deafMembers().size();
    }

    /** At the coordinator: how many are served by unicast. */
    public int unicastMembers() {
        return coordinator.unicastMembers();
    }

    /** What the coordinator's own doctor says: the name of each rung, whom it was tried with, and how it is. */
    public ArrayList<String> examineMembers() throws IOException, InterruptedException {
        ArrayList<String> found = new ArrayList<>();
        for (Rung rung : Doctor.examine(coordinator).rungs()) {
            found.add(
                    rung.name() + (rung.at() == null ? "" : " " + rung.at()) + " " + rung.status() + " " + rung.fix());
        }
        return found;
    }

    /**
     * Passes so many rounds.
     *
     * @return how long each took, in nanoseconds
     */
    public long[] passRounds(int count) throws InterruptedException {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            nanos[i] = barrier.await().duration().toNanos();
            roundsPassed++;
        }
        return nanos;
    }

    /** Passes rounds until {@link #stop} or until it can't any more. */
    public RoundsReport passRoundsToTheEnd() throws InterruptedException {
        ArrayList<InetSocketAddress> lost = new ArrayList<>();
        Duration longest = Duration.ZERO;
        DisconnectedException.Reason reason = null;
        try {
            while (!stopping) {
                Round round = barrier.await();
                roundsPassed++;
                longest = round.duration().compareTo(longest) > 0 ? round.duration() : longest;
                round.lostMembers().forEach(member -> lost.add(member.address()));
            }
        } catch (DisconnectedException e) {
            reason = e.reason();
        }
        return new RoundsReport(roundsPassed, longest, lost, reason);
    }

    /**
     * Passes rounds until {@link #stop}.
     *
     * @return of each round when it ended, in milliseconds since 1970, and how long it took, in nanoseconds
     */
    public long[] timeRoundsToTheEnd() throws InterruptedException {
        LongStream.Builder times = LongStream.builder();
        while (!stopping) {
            long nanos = barrier.await().duration().toNanos();
            roundsPassed++;
            times.add(System.currentTimeMillis()).add(nanos);
        }
        return times.build().toArray();
    }

    /** The waits of {@link #passRoundsToTheEnd} and {@link #sendToTheEnd} are to be the last. */
    public void stop() {
        stopping = true;
    }

    public long roundsPassed() {
        return roundsPassed;
    }

    /** Sends so many messages, and waits until they are delivered. */
    public Digests send(Messages messages) throws InterruptedException {
        Digests digests = new Digests();
        for (int i = 0; i < messages.count(); i++) {
            byte[] message = messages.message(i);
            broadcast.send(message);
            digests.add(message);
        }
        broadcast.flush(PATIENCE);
        return digests;
    }

    /** Sends the first of the messages so many times as there are, in the shortest time until they are delivered. */
    public long time(Messages messages) throws InterruptedException {
        byte[] message = messages.message(0);
        long started = System.nanoTime();
        for (int i = 0; i < messages.count(); i++) {
            broadcast.send(message);
        }
        broadcast.flush(PATIENCE);
        return System.nanoTime() - started;
    }

    /** Sends a text so many times, and waits until it is delivered. */
    public void say(String text, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            broadcast.send(text.getBytes(StandardCharsets.US_ASCII));
        }
        broadcast.flush(PATIENCE);
    }

    /** Sends messages until {@link #stop}, and then an empty one. */
    public Digests sendToTheEnd(Messages messages) throws InterruptedException {
        Digests digests = new Digests();
        for (int i = 0; !stopping; i = (i + 1) % messages.count()) {
            byte[] message = messages.message(i);
            broadcast.send(message);
            digests.add(message);
        }
        broadcast.send(new byte[0]);
        broadcast.flush(PATIENCE);
        return digests;
    }

    /** Begins a message, of which the members get a part. */
    public void beginMessage(int bytes) throws InterruptedException, IOException {
        unfinished = broadcast.newMessage();
        unfinished.write(new byte[bytes]);
    }

    /** Receives so many messages. */
    public Digests receive(int count) throws InterruptedException, IOException {
        Digests digests = new Digests();
        for (int i = 0; i < count; i++) {
            digests.add(next().bytes());
        }
        return digests;
    }

    /** Receives so many messages, and does nothing with them. */
    public int skip(int count) throws InterruptedException, IOException {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += next().bytes().length;
        }
        return bytes;
    }

    /** Whether a part of a message is here whose rest has not come. */
    public boolean hasArrivedInMessage() {
        return insideMessage;
    }

    /** Receives messages until an empty one comes, or none can come any more. */
    public StreamReport receiveToTheEnd() throws InterruptedException {
        Digests digests = new Digests();
        boolean messageBroken = false;
        while (true) {
            try {
                byte[] message = read(next());
                if (message.length == 0) {
                    return new StreamReport(digests, messageBroken, null);
                }
                digests.add(message);
            } catch (IOException e) {
                messageBroken = true;
            } catch (DisconnectedException e) {
                return new StreamReport(digests, messageBroken, e.reason());
            }
        }
    }

    private byte[] read(Message message) throws IOException {
        InputStream content = message.inputStream();
        int first = content.read();
        if (first < 0) {
            return new byte[0];
        }
        insideMessage = true;
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(first);
        content.transferTo(whole);
        insideMessage = false;
        return whole.toByteArray();
    }

    private Message next() throws InterruptedException {
        Optional<Message> message = receiver.receive(PATIENCE);
        return message.orElseThrow(() -> new IllegalStateException("no message within " + PATIENCE));
    }

    public SessionNumbers statistics() {
        SessionStatistics statistics = coordinator == null ? member.statistics() : coordinator.statistics();
        return new SessionNumbers(
                statistics.retransmissions(),
                statistics.sendFailures(),
                statistics.datagramsSent(),
                statistics.datagramsDropped().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }

    /** How many datagrams were dropped for one of the reasons, by their labels. */
    public long dropped(List<String> reasons) {
        SessionStatistics statistics = coordinator == null ? member.statistics() : coordinator.statistics();
        return reasons.stream().mapToLong(statistics.datagramsDropped()::get).sum();
    }

    /** By which the others know this node. */
    public InetSocketAddress address() {
        return coordinator == null ? member.address() : coordinator.address();
    }

    public boolean isOpen() {
        return coordinator == null ? member.isOpen() : coordinator.isOpen();
    }

    /** Ends the session as an application does. */
    public void close() {
        if (coordinator != null) {
            coordinator.close();
        }
        if (member != null) {
            member.close();
        }
    }

    /**
     * What has come of rounds.
     *
     * @param longest how long the longest of them took
     * @param reason why no more could pass; missing when nothing has ended them
     */
    public record RoundsReport(
            long rounds,
            Duration longest,
            ArrayList<InetSocketAddress> lostMembers,
            DisconnectedException.Reason reason)
            implements Serializable {}

    /** What has come of a broadcast; the reason is missing when nothing has ended it. */
    public record StreamReport(Digests digests, boolean messageBroken, DisconnectedException.Reason reason)
            implements Serializable {}

    /** From the statistics of a session. */
    public record SessionNumbers(long retransmissions, long sendFailures, long datagramsSent, long datagramsDropped)
            implements Serializable {}
}
