package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Meeting;
import java.io.Closeable;
import java.io.IOException;

/**
 * The first half of an all-gather without any protocol: the coordinator receives what all members give, as full datagrams, and lets the
 * members go by a datagram to the group. Members send in bursts, each of which is acknowledged, and have two on their way.
 */
final class Incast {

    /** A datagram begins with the index of its member. */
    static final int INDEX = 0;

    private static final int BURSTS_ON_THE_WAY = 2;

    private Incast() {}

    /** How a member sends. */
    interface MemberLine extends Closeable {

        /** Sends so many datagrams. */
        void send(int datagrams) throws IOException;

        /** Waits for an acknowledgement. */
        void awaitAcknowledgement() throws IOException;

        /** Waits until the coordinator lets it go. */
        void awaitRelease() throws IOException;
    }

    /** How the coordinator receives. */
    interface CoordinatorLine extends Closeable {

        /** Waits for datagrams, and has each one's member counted. */
        void receive(Count count) throws IOException;

        /** Tells a member that a burst is here. */
        void acknowledge(int member) throws IOException;

        /** Lets all members go. */
        void release() throws IOException;
    }

    /** Counts the datagrams of members. */
    interface Count {

        void add(int member) throws IOException;
    }

    private static int datagrams(int bytes) {
        int payload = BareStream.DATAGRAM - Integer.BYTES;
        return (bytes + payload - 1) / payload;
    }

    /** A member's side. */
    static final class Sending implements Meeting {

        private final MemberLine line;
        private final int burst;
        private int datagrams;

        /** @param burst of so many datagrams; the same at the coordinator */
        Sending(MemberLine line, int burst) {
            this.line = line;
            this.burst = burst;
        }

        @Override
        public void carry(int bytes) {
            datagrams = datagrams(bytes);
        }

        @Override
        public void await() throws IOException {
            int unacknowledged = 0;
            for (int sent = 0; sent < datagrams; sent += burst) {
                if (unacknowledged == BURSTS_ON_THE_WAY) {
                    line.awaitAcknowledgement();
                    unacknowledged--;
                }
                line.send(Math.min(burst, datagrams - sent));
                unacknowledged++;
            }
            for (int i = 0; i < unacknowledged; i++) {
                line.awaitAcknowledgement();
            }
            line.awaitRelease();
        }

        @Override
        public void close() throws IOException {
            line.close();
        }
    }

    /** The coordinator's side. */
    static final class Receiving implements Meeting {

        private final CoordinatorLine line;
        private final int burst;
        private final int[] received;
        private int datagrams;
        private long left;

        /** @param burst of so many datagrams; the same at the members */
        Receiving(CoordinatorLine line, int members, int burst) {
            this.line = line;
            this.burst = burst;
            received = new int[members + 1];
        }

        @Override
        public void carry(int bytes) {
            datagrams = datagrams(bytes);
        }

        @Override
        public void await() throws IOException {
            left = (long) datagrams * (received.length - 1);
            while (left > 0) {
                line.receive(this::take);
            }
            line.release();
        }

        private void take(int member) throws IOException {
            left--;
            received[member]++;
            boolean last = received[member] == datagrams;
            if (last || received[member] % burst == 0) {
                line.acknowledge(member);
            }
            if (last) {
                received[member] = 0;
            }
        }

        @Override
        public void close() throws IOException {
            line.close();
        }
    }
}
