package io.camure.protocol.base;

import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The only way of bytes into a state machine and out of it: what arrives is opened, what leaves is sealed. Whatever is to
 * protect datagrams has its place here, inside of what simulation, fuzzing and benchmarks run.
 *
 * <p>A codec allocates nothing in steady state, and keeps a run of datagrams of one size a run.
 */
public interface DatagramCodec {

    /** Adds nothing and checks nothing: a datagram is its chunk. */
    DatagramCodec PLAIN = new DatagramCodec() {

        @Override
        public int overheadBytes() {
            return 0;
        }

        @Override
        public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
            return chunk.read(datagram);
        }

        @Override
        public void seal(
                ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
            transmitter.send(datagrams, datagramBytes, destination);
        }
    };

    /** How many bytes a datagram has beside its chunk, at most; the chunk size is smaller by that. */
    int overheadBytes();

    /** How many bytes more a chunk has that only the coordinator may say and that goes to all in a group by one datagram. */
    default int codeBytes(int group, int epoch) {
        return 0;
    }

    /**
     * Takes what the codec of another node has to say to this one, such as a handshake.
     *
     * @param answers takes what is answered
     * @return whether there is nothing in the datagram for the session
     */
    default boolean takes(
            InetSocketAddress source, ByteBuffer datagram, Answers answers, ProtocolCounters counters, long nowNanos) {
        return false;
    }

    /**
     * Opens what was received and reads the chunk in it.
     *
     * @param datagram the bytes between its position and limit, which must stay as they are
     * @param chunk reads the chunk until the next call
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk);

    /** A node is in the session, maybe again: what is for all in it is for that node, too. Before it is told. */
    default void onWelcomed(InetSocketAddress node, long nowNanos) {}

    /** A node is in a group of this epoch, maybe again. Before it is told. */
    default void onWelcomed(InetSocketAddress node, int group, int epoch, long nowNanos) {}

    /** A node is out of the session: what is for all in it is not for that node any more. */
    default void onLeft(InetSocketAddress node, long nowNanos) {}

    /** A node is out of a group. */
    default void onLeft(InetSocketAddress node, int group, long nowNanos) {}

    /** Nobody could be heard for a while, and so that time does not count. */
    default void excuse(long nanos, long nowNanos) {}

    /** What was sealed so far has left. */
    default void onTransmission() {}

    /** There is nothing to do but to wait for datagrams: the time for what the next ones will take. */
    default void onPause() {}

    /** The name of what seals now, as the other side has told it; {@code null} where nothing was told. */
    default @Nullable String cipher() {
        return null;
    }

    /** Why this side and the other have not agreed on keys, for people; {@code null} when that is not known. */
    default @Nullable String failure() {
        return null;
    }

    /**
     * Whether a node may be in a group, as far as its certificate says.
     *
     * @param group by its name, or its id in digits if it has none
     */
    default Consent consent(InetSocketAddress node, String group, Answers answers, long nowNanos) {
        return Consent.GIVEN;
    }

    /** What is known of that. */
    enum Consent {
        GIVEN,
        REFUSED,
        /** It is being found out: the node will ask again. */
        PENDING
    }

    /** Does what is due. */
    default void onDeadline(Answers answers, ProtocolCounters counters, long nowNanos) {}

    /** When {@link #onDeadline} is to be called next. */
    default long nextDeadlineNanos() {
        return RetryTimer.NEVER;
    }

    /**
     * Seals chunks and hands them over, in order, as one run if they are one.
     *
     * @param datagrams one or more chunks between position and limit, each of {@code datagramBytes}, the last maybe shorter;
     *     they may be sent again later, and must stay as they are
     */
    void seal(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter);

    /** What a codec answers by. */
    interface Answers {

        /** A cleared buffer for one chunk. */
        ByteBuffer control();

        /** Sends a chunk, sealed: the bytes in front of the position. */
        void sendWritten(InetSocketAddress destination, ByteBuffer written);

        /** Sends a chunk as it is: the bytes in front of the position. */
        void sendBare(InetSocketAddress destination, ByteBuffer written);

        /** Has the users of the node told of something. */
        void tell(SessionEvent event);
    }

    /** Takes datagrams to be sent. */
    @FunctionalInterface
    interface Transmitter {

        /** @param datagrams one or more between position and limit, each of {@code datagramBytes}, the last maybe shorter */
        void send(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination);

        /** Has what was handed over leave now: afterwards the bytes may change. */
        default void flush() {}
    }
}
