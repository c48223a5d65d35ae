package io.camure.spring.integration;

import io.camure.CoordinatorLease;
import io.camure.Node;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance that offers itself in an election, and what comes of it. */
final class Candidate implements CoordinatorElection.Listener, AutoCloseable {

    final String name;
    final LockRegistryElection election;
    final List<Long> terms = new CopyOnWriteArrayList<>();
    final List<String> losses = new CopyOnWriteArrayList<>();
    volatile CoordinatorLease lease;
    volatile boolean refuses;
    volatile long highestTerm;
    private final Census census;
    private final CoordinatorElection.Registration registration;
    private boolean leads;

    /** How many coordinate now, and the most that ever did. */
    static final class Census {

        private final AtomicInteger coordinating = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger offered = new AtomicInteger();

        private void onElected() {
            most.accumulateAndGet(coordinating.incrementAndGet(), Math::max);
        }

        private void onLost() {
            coordinating.decrementAndGet();
        }

        int most() {
            return most.get();
        }
    }

    Candidate(String name, LockRegistryElection election, Census census) {
        this.name = name;
        this.election = election;
        this.census = census;
        InetSocketAddress address = new InetSocketAddress("10.0.0." + census.offered.incrementAndGet(), 7400);
        registration = election.campaign(new CoordinatorRecord(0, new Node(name, address, 0), address), this);
    }

    @Override
    public synchronized void onElected(long term, CoordinatorLease given) {
        if (refuses) {
            throw new IllegalStateException("the port is taken");
        }
        if (!leads) {
            leads = true;
            census.onElected();
        }
        lease = given;
        terms.add(term);
    }

    @Override
    public synchronized void onLost(String why) {
        if (leads) {
            leads = false;
            census.onLost();
        }
        losses.add(why);
    }

    @Override
    public long highestTerm() {
        return highestTerm;
    }

    synchronized boolean leads() {
        return leads;
    }

    /** Whether a coordinator would act now: one whose lease is over does not, whatever it has been told. */
    synchronized boolean acts() {
        return leads && System.nanoTime() - lease.endNanoTime() < 0;
    }

    @Override
    public void close() {
        registration.close();
    }
}
