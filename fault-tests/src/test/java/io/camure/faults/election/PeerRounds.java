package io.camure.faults.election;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rounds of equal members of a peer's cluster, of whom the oldest coordinates: a member tells all that it has arrived, and the oldest one
 * tells all when everybody has. Who becomes the oldest begins a higher term with the round that was in progress.
 */
final class PeerRounds {

    private static final String ARRIVED = "arrived";
    private static final String BEGUN = "begun";
    private static final String RELEASED = "released";

    /** In place of the round of a member that does not know it yet. */
    private static final long UNKNOWN = -1;

    private final String self;
    private final Publisher publisher;

    /** Guarded by this, as all that follows. */
    private List<String> members = List.of();

    /** Which round each member has arrived at last. */
    private final Map<String, Long> arrivals = new HashMap<>();

    private long term;

    /** The round in progress. */
    private long number = UNKNOWN;

    /** The last round that this member has released. */
    private long released;

    private boolean coordinates;
    private boolean waits;

    /** Sends to all members, this one included, in the order of the calls. */
    interface Publisher {

        void publish(String message);
    }

    PeerRounds(String self, Publisher publisher) {
        this.self = self;
        this.publisher = publisher;
    }

    /** @param oldestFirst the names of all members */
    synchronized void onMembers(List<String> oldestFirst) {
        members = oldestFirst;
        boolean coordinated = coordinates;
        coordinates = oldestFirst.get(0).equals(self);
        if (coordinates) {
            if (!coordinated) {
                term++;
                number = Math.max(0, number);
                released = number - 1;
            }
            arrivals.clear();
            begin();
        }
    }

    /** Tells the round to all, of whom some may have come since or may have arrived at another member. */
    private void begin() {
        publisher.publish(BEGUN + " " + term + " " + Math.max(number, released + 1));
    }

    synchronized void onMessage(String message) {
        String[] words = message.split(" ");
        switch (words[0]) {
            case ARRIVED -> onArrived(words[1], Long.parseLong(words[2]));
            case BEGUN -> onBegun(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case RELEASED -> onReleased(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
            default -> throw new IllegalArgumentException(message);
        }
    }

    private void onArrived(String member, long round) {
        if (round == UNKNOWN) {
            if (coordinates) {
                begin();
            }
            return;
        }
        arrivals.put(member, round);
        releaseIfComplete();
    }

    private void onBegun(long newTerm, long round) {
        if (!coordinates) {
            term = newTerm;
            number = round;
        }
        if (waits) {
            publisher.publish(ARRIVED + " " + self + " " + number);
        }
    }

    private void releaseIfComplete() {
        if (coordinates
                && released < number
                && members.stream().allMatch(member -> arrivals.getOrDefault(member, UNKNOWN) >= number)) {
            released = number;
            publisher.publish(RELEASED + " " + term + " " + number + " " + self);
        }
    }

    private void onReleased(long ofTerm, long round, String coordinator) {
        if (round != number) {
            return;
        }
        number = round + 1;
        if (waits) {
            waits = false;
            InstanceProcess.tell(ofTerm, round, coordinator);
            notifyAll();
        }
        releaseIfComplete();
    }

    /** Passes rounds without end. */
    void run(long workMillis) throws InterruptedException {
        while (true) {
            Thread.sleep(workMillis);
            synchronized (this) {
                waits = true;
                publisher.publish(ARRIVED + " " + self + " " + number);
                while (waits) {
                    wait();
                }
            }
        }
    }
}
