package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.DeliveryMode;
import io.camure.node.CoordinatorNode;
import io.camure.protocol.base.Format;
import io.camure.protocol.session.Echoes;
import io.camure.runtime.SessionDriver;
import io.camure.wire.NodeIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Examines the ways from a coordinator to its members, in its own session and by its own socket. */
final class CoordinatorExamination {

    /** Each takes some requests; the report says when there are more. */
    static final int MOST_MEMBERS = 64;

    private static final int REQUESTS = 5;
    private static final int SHORT_BYTES = 64;
    private static final int TRIES = 3;
    private static final long PACE_NANOS = MILLISECONDS.toNanos(12);
    private static final long MULTICAST_PACE_NANOS = MILLISECONDS.toNanos(60);
    private static final long SHORTEST_PATIENCE_NANOS = MILLISECONDS.toNanos(60);
    private static final long FIRST_PATIENCE_NANOS = MILLISECONDS.toNanos(500);

    private final CoordinatorNode node;
    private final SessionDriver driver;
    private final Echoes requests;
    private final List<Rung> rungs = new ArrayList<>();
    private final List<Hearing> matrix = new ArrayList<>();
    private long patienceNanos = FIRST_PATIENCE_NANOS;

    /** Who has answered a request of so many bytes that went to all. */
    private final Map<Integer, Set<InetSocketAddress>> heard = new HashMap<>();

    CoordinatorExamination(CoordinatorNode node) {
        this.node = node;
        driver = node.driver();
        requests = node.echoes();
    }

    Report examine() throws InterruptedException, IOException {
        CoordinatorRungs says = new CoordinatorRungs(node);
        rungs.add(LocalRungs.transport(node.config().network(), node.config().transport()));
        rungs.add(says.interfaces());
        rungs.add(LocalRungs.buffers(
                node.config().receiveBuffer(), node.config().sendBuffer(), node.port(), node.chunkBytes()));
        List<NodeIdentity> members = driver.read(nowNanos -> requests.members());
        int visitors = driver.read(nowNanos -> requests.visitors()).size();
        rungs.add(says.members(members.size(), node.memberCount() - visitors, visitors));
        List<NodeIdentity> examined = members.subList(0, Math.min(MOST_MEMBERS, members.size()));
        Map<InetSocketAddress, Integer> multicast = multicast(examined);
        for (NodeIdentity member : examined) {
            examine(member, unicast(member), multicast.get(member.address()), says);
        }
        return Report.of(node.name(), rungs, matrix);
    }

    private Passage.Count unicast(NodeIdentity member) throws InterruptedException {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            long answer = ask(member.address(), SHORT_BYTES, FIRST_PATIENCE_NANOS);
            if (answer >= 0) {
                nanos.add(answer);
            } else if (nanos.isEmpty()) {
                break;
            }
        }
        Passage.Count count = Passage.Count.ofNanos(nanos, REQUESTS);
        if (!count.isNone()) {
            patienceNanos = Math.max(SHORTEST_PATIENCE_NANOS, 4 * count.slowestNanos());
        }
        return count;
    }

    /** @return how many requests each has heard; empty when there is no multicast */
    private Map<InetSocketAddress, Integer> multicast(List<NodeIdentity> members) throws InterruptedException {
        Map<InetSocketAddress, Integer> counts = new HashMap<>();
        if (node.delivery() == DeliveryMode.UNICAST) {
            return counts;
        }
        for (int i = 0; i < REQUESTS; i++) {
            askAll(SHORT_BYTES);
            for (NodeIdentity member : members) {
                counts.merge(member.address(), answer(member.address()) >= 0 ? 1 : 0, Integer::sum);
            }
        }
        return counts;
    }

    private void examine(NodeIdentity member, Passage.Count unicast, @Nullable Integer multicast, CoordinatorRungs says)
            throws InterruptedException, SocketException {
        String at = Format.node(member);
        rungs.add(says.unicast(at, member.address(), unicast));
        if (unicast.isNone()) {
            matrix.add(new Hearing(node.name(), at, false, null, null, null, null));
            return;
        }
        int chunkBytes = node.chunkBytes();
        int largest = Search.largest(Passage.SMALLEST_BYTES, chunkBytes, bytes -> passes(member.address(), bytes));
        boolean hears = multicast != null && multicast > 0;
        Integer largestByMulticast = hears
                ? Integer.valueOf(
                        Search.largest(Passage.SMALLEST_BYTES, chunkBytes, bytes -> isHeard(member.address(), bytes)))
                : null;
        if (multicast != null) {
            rungs.add(says.multicast(at, member.address(), multicast, REQUESTS));
        }
        boolean adapts = driver.read(nowNanos -> requests.isProbed(member.address()));
        rungs.add(says.sizes(at, member.address(), largest, largestByMulticast, adapts));
        matrix.add(new Hearing(
                node.name(),
                at,
                true,
                multicast == null ? null : hears,
                unicast.medianNanos() / 1000,
                largest,
                largestByMulticast));
    }

    private boolean passes(InetSocketAddress member, int bytes) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (ask(member, bytes, patienceNanos) >= 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isHeard(InetSocketAddress member, int bytes) throws InterruptedException {
        Set<InetSocketAddress> answers = heard.computeIfAbsent(bytes, any -> new HashSet<>());
        for (int i = 0; i < TRIES && !answers.contains(member); i++) {
            askAll(bytes);
            for (NodeIdentity each : driver.read(nowNanos -> requests.members())) {
                if (answer(each.address()) >= 0) {
                    answers.add(each.address());
                }
            }
        }
        return answers.contains(member);
    }

    private long ask(InetSocketAddress member, int bytes, long nanos) throws InterruptedException {
        pace(PACE_NANOS);
        askOnce(member, bytes);
        driver.await(() -> requests.answer(member) >= 0, driver.nowNanos() + nanos);
        return answer(member);
    }

    private void askAll(int bytes) throws InterruptedException {
        pace(MULTICAST_PACE_NANOS);
        askOnce(null, bytes);
        driver.await(requests::isAnsweredByAll, driver.nowNanos() + patienceNanos);
    }

    private void askOnce(@Nullable InetSocketAddress member, int bytes) {
        driver.execute(nowNanos -> {
            requests.ask(member, bytes, nowNanos);
            return nowNanos;
        });
    }

    private long answer(InetSocketAddress member) {
        return driver.read(nowNanos -> requests.answer(member));
    }

    /** So that members answer all. */
    private void pace(long nanos) throws InterruptedException {
        driver.await(() -> false, driver.nowNanos() + nanos);
    }
}
