package io.camure.spring.boot.autoconfigure;

import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An election among the contexts of a test, which the test decides. */
final class ScriptedElection implements CoordinatorElection {

    /** Who offers itself, by name. */
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();

    /** Those that were lost or taken back, in order. */
    final CopyOnWriteArrayList<String> ended = new CopyOnWriteArrayList<>();

    private Optional<CoordinatorRecord> current = Optional.empty();
    private long term;
    volatile long leaseEnd = Long.MAX_VALUE;

    private record Candidate(CoordinatorRecord record, Listener listener) {}

    @Override
    public Registration campaign(CoordinatorRecord candidate, Listener listener) {
        String name = candidate.node().name();
        synchronized (this) {
            candidates.put(name, new Candidate(candidate, listener));
        }
        return () -> {
            synchronized (this) {
                candidates.remove(name);
                ended.add(name);
                current = current.filter(elected -> !elected.node().name().equals(name));
            }
            listener.onLost("it does not offer itself any more");
        };
    }

    @Override
    public synchronized Optional<CoordinatorRecord> current() {
        return current;
    }

    synchronized boolean has(String name) {
        return candidates.containsKey(name);
    }

    /** Has a context coordinate that offers itself, in a new term. */
    void elect(String name) {
        Candidate elected;
        long next;
        synchronized (this) {
            elected = candidates.get(name);
            next = ++term;
        }
        elected.listener().onElected(next, () -> leaseEnd);
        synchronized (this) {
            current = Optional.of(elected.record().inTerm(next));
        }
    }

    /** Has a context coordinate no more. */
    void revoke(String name) {
        Candidate revoked;
        synchronized (this) {
            revoked = candidates.get(name);
            current = Optional.empty();
        }
        revoked.listener().onLost("the test says so");
    }
}
