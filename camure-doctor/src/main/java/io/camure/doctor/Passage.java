package io.camure.doctor;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.Format;
import io.camure.wire.EchoFlag;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries what passes between this node and a coordinator that has let it in, and how fast. */
final class Passage {

    /** The smallest chunk size that a session may have. */
    static final int SMALLEST_BYTES = 508;

    private static final int REQUESTS = 10;
    private static final int SHORT_BYTES = 64;
    private static final int TRIES = 3;
    private static final int LARGEST_BYTES = 65507;
    private static final int IPV4_HEADERS = 20 + 8;
    private static final int IPV6_HEADERS = 40 + 8;

    private static final long SHORTEST_PATIENCE_NANOS = MILLISECONDS.toNanos(60);
    private static final long FIRST_PATIENCE_NANOS = MILLISECONDS.toNanos(500);
    private static final long WATCH_NANOS = SECONDS.toNanos(2);

    /** As often at least, also in a short time. */
    private static final int WATCHES = 10;

    /** So many in a row that are not heard are no accident. */
    private static final int MISSED = 3;

    private final Visit visit;
    private final Visit.Welcome welcome;
    private long patienceNanos = FIRST_PATIENCE_NANOS;

    /** How many of how many requests were answered. */
    record Count(int answered, int asked, long fastestNanos, long medianNanos, long slowestNanos) {

        static Count of(List<Echo> echoes, boolean multicast) {
            return ofNanos(
                    echoes.stream()
                            .filter(echo -> multicast ? echo.isHeardByMulticast() : echo.isAnswered())
                            .map(Echo::roundTripNanos)
                            .toList(),
                    echoes.size());
        }

        /** @param roundTrips of those that were answered */
        static Count ofNanos(List<Long> roundTrips, int asked) {
            List<Long> nanos = roundTrips.stream().sorted().toList();
            int answered = nanos.size();
            return answered == 0
                    ? new Count(0, asked, 0, 0, 0)
                    : new Count(answered, asked, nanos.get(0), nanos.get(answered / 2), nanos.get(answered - 1));
        }

        boolean isNone() {
            return answered == 0;
        }

        boolean isAll() {
            return answered == asked;
        }

        String describe() {
            return answered + " of " + asked;
        }

        String roundTrips() {
            return "round trip " + micros(fastestNanos) + " to " + micros(slowestNanos) + ", median "
                    + micros(medianNanos);
        }

        private static String micros(long nanos) {
            return Format.duration(nanos / 1000 * 1000);
        }
    }

    /**
     * The largest datagrams that pass.
     *
     * @param there the largest request that arrives at the coordinator
     * @param back the largest answer that comes from there, which is never longer than its request
     * @param byMulticast the same by multicast; {@code null} when that was not tried
     * @param tried the largest that was tried
     */
    record Sizes(int there, int back, @Nullable Integer byMulticast, int tried) {

        int unicast() {
            return Math.min(there, back);
        }
    }

    Passage(Visit visit, Visit.Welcome welcome) {
        this.visit = visit;
        this.welcome = welcome;
    }

    /** Asks for short answers by unicast, and learns how long they take. */
    Count unicast() throws IOException, InterruptedException {
        Count count = Count.of(ask(new EchoFlag[0]), false);
        if (!count.isNone()) {
            patienceNanos = Math.max(SHORTEST_PATIENCE_NANOS, 4 * count.slowestNanos());
        }
        return count;
    }

    /** Asks for short answers by multicast. */
    Count multicast() throws IOException, InterruptedException {
        return Count.of(ask(EchoFlag.BY_MULTICAST), true);
    }

    private List<Echo> ask(EchoFlag... flags) throws IOException, InterruptedException {
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            echoes.add(visit.ask(SHORT_BYTES, flags));
        }
        visit.await(() -> echoes.stream().allMatch(Echo::isAnswered), patienceNanos);
        return echoes;
    }

    /** Asks by multicast for short answers by unicast, of a coordinator that takes such requests; else {@code null}. */
    @Nullable
    Count multicastThere() throws IOException, InterruptedException {
        Echo first = visit.ask(SHORT_BYTES);
        if (!visit.await(first::isAnswered, patienceNanos) || !first.listens()) {
            return null;
        }
        List<Echo> echoes = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            echoes.add(visit.askByMulticast(welcome.multicastAddress(), SHORT_BYTES));
        }
        visit.await(() -> echoes.stream().allMatch(Echo::isAnswered), patienceNanos);
        return Count.of(echoes, false);
    }

    /**
     * Asks for answers by multicast for as long as told.
     *
     * @return after how long they were not heard any more, in nanoseconds, or -1 when they were to the end
     */
    long watch(long nanos) throws IOException, InterruptedException {
        long beginNanos = visit.now();
        long heardNanos = beginNanos;
        int missed = 0;
        while (visit.now() - beginNanos < nanos && missed < MISSED) {
            Echo echo = visit.ask(SHORT_BYTES, EchoFlag.BY_MULTICAST);
            if (visit.await(echo::isHeardByMulticast, patienceNanos)) {
                heardNanos = visit.now();
                missed = 0;
            } else {
                missed++;
            }
            visit.await(
                    () -> false, Math.min(Math.min(WATCH_NANOS, nanos / WATCHES), beginNanos + nanos - visit.now()));
        }
        return missed == 0 ? -1 : heardNanos - beginNanos;
    }

    /** @param multicast whether short datagrams come by multicast */
    Sizes sizes(boolean multicast) throws IOException, InterruptedException {
        int headers = visit.place.local() instanceof Inet6Address ? IPV6_HEADERS : IPV4_HEADERS;
        int mtu = visit.place.provider().mtuBytes(visit.place.networkInterface());
        int tried = Math.max(SMALLEST_BYTES, Math.min(LARGEST_BYTES, mtu - headers));
        int there = Search.largest(SMALLEST_BYTES, tried, bytes -> passes(bytes, false));
        int back =
                there == 0 ? 0 : Search.largest(SMALLEST_BYTES, there, bytes -> passes(bytes, false, EchoFlag.WHOLE));
        Integer byMulticast = there == 0 || !multicast
                ? null
                : Integer.valueOf(Search.largest(
                        SMALLEST_BYTES, there, bytes -> passes(bytes, true, EchoFlag.WHOLE, EchoFlag.BY_MULTICAST)));
        return new Sizes(there, back, byMulticast, tried);
    }

    private boolean passes(int bytes, boolean multicast, EchoFlag... flags) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Echo echo = visit.ask(bytes, flags);
            if (visit.await(multicast ? echo::isHeardByMulticast : echo::isAnswered, patienceNanos)) {
                return true;
            }
        }
        return false;
    }
}
