package io.camure.benchmarks;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One of the systems that are compared: camure, a peer or a floor. Opening a side does not wait for the other nodes. */
public interface Contender {

    /** Which works it can do. */
    Set<Work> works();

    /** Opens this node's side of a barrier. */
    Meeting meeting(Place place) throws Exception;

    /**
     * Opens this node's side of rounds in which all nodes give a value; those of {@link SumMeeting} and {@link GatherMeeting} are
     * checked.
     *
     * @param work which one of the collective works
     */
    default Meeting collective(Work work, Place place) throws Exception {
        throw new UnsupportedOperationException("it has no " + work);
    }

    /** Opens the coordinator's side of a broadcast. */
    Sender sender(Place place) throws Exception;

    /** Opens a member's side of a broadcast. Closing it ends what delivers to the sink. */
    Side receiver(Place place, Sink sink) throws Exception;

    /** What all sides have in common. */
    interface Side extends AutoCloseable {

        /** Waits until all nodes are there, so that from then on nothing is lost. */
        default void gather() throws Exception {}

        @Override
        void close() throws IOException;
    }

    /** One node's side of a barrier, or of other rounds. */
    interface Meeting extends Side {

        /** Called before rounds in which each node gives so many bytes, and before those of works without sizes by 0. */
        default void carry(int bytes) {}

        /** Arrives, and returns when all nodes have. */
        void await() throws Exception;

        /** Stays in the session for so long and does nothing else. */
        default void rest(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }

    /** The coordinator's side of a broadcast. */
    interface Sender extends Side {

        /** Sends a message; waits while the slowest member is too far behind. The array is used again after the call. */
        void send(byte[] message) throws Exception;

        /** Sends what {@link #send} may have kept back to send more at once. */
        default void flush() throws Exception {}

        /**
         * Called again and again from the last {@link #flush} until all members have everything, for systems whose work is
         * done by their callers.
         */
        default void drive() throws Exception {
            Thread.sleep(1);
        }
    }

    /** Takes messages at a member, from one thread at a time. */
    interface Sink {

        /**
         * Takes a message, which is in the receiver's memory as a whole.
         *
         * @param stamp its first eight bytes
         */
        void onMessage(long length, long stamp);
    }
}
