package io.camure.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.ZonedDateTime;
import java.util.function.Consumer;

/**
 * The Lease as an elector sees it, which tells each time that it was got or renewed, and before it is given up. Gives it up by itself: the
 * elector's own way sends a patch without a holder, which leaves the one that there is.
 */
final class ObservedLock implements Lock {

    private final String namespace;
    private final String name;
    private final Lock lock;
    private final Observer observer;

    /** Whether this one has had it. Of the thread of the elector. */
    private boolean held;

    /** Is told by the thread of the elector. */
    interface Observer {

        /**
         * @param askedNanoTime when that was asked for
         * @param transitions how often the holder has changed so far
         */
        void onHeld(long askedNanoTime, int transitions);

        /** @param renewed when another one has renewed it, by the clock of that one */
        void onHeldByAnother(ZonedDateTime renewed);

        void onReleasing();

        /** How often the holder has changed at least, whether the Lease says so or was made anew since. */
        int knownTransitions();
    }

    ObservedLock(String namespace, String name, String identity, Observer observer) {
        this.namespace = namespace;
        this.name = name;
        lock = new LeaseLock(namespace, name, identity);
        this.observer = observer;
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient client) {
        LeaderElectionRecord record = lock.get(client);
        ZonedDateTime renewed = record == null ? null : record.getRenewTime();
        if (renewed != null && !identity().equals(record.getHolderIdentity())) {
            observer.onHeldByAnother(renewed);
        }
        return record;
    }

    /** Begins to hold it, in a term that is higher than each that is known. */
    private void hold(LeaderElectionRecord record, Consumer<LeaderElectionRecord> writing) {
        LeaderElectionRecord raised = record.toBuilder()
                .leaderTransitions(Math.max(record.getLeaderTransitions(), observer.knownTransitions()))
                .build();
        long asked = System.nanoTime();
        writing.accept(raised);
        held = true;
        observer.onHeld(asked, raised.getLeaderTransitions());
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord record) {
        hold(record, raised -> lock.create(client, raised));
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord record) {
        if (!identity().equals(record.getHolderIdentity())) {
            observer.onReleasing();
            release(client);
            return;
        }
        if (held) {
            long asked = System.nanoTime();
            lock.update(client, record);
            observer.onHeld(asked, record.getLeaderTransitions());
        } else {
            hold(record, raised -> lock.update(client, raised));
        }
    }

    /** Fails when another one has changed it meanwhile. */
    private void release(KubernetesClient client) {
        Lease held = client.leases().inNamespace(namespace).withName(name).get();
        if (held != null && identity().equals(held.getSpec().getHolderIdentity())) {
            held.getSpec().setHolderIdentity("");
            client.resource(held).lockResourceVersion().update();
        }
    }

    @Override
    public String identity() {
        return lock.identity();
    }

    @Override
    public String describe() {
        return lock.describe();
    }
}
