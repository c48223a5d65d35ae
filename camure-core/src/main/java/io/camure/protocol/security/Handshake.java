package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.DropReason;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How the coordinator and a member agree on the keys of a link: by a secret that both have, or by certificates. */
final class Handshake {

    private Handshake() {}

    /** The side of the member, which begins: one handshake at a time, until it is answered. */
    interface AtMember {

        /** Asks for a link, or once more: a SessionJoin is due. */
        void ask(DatagramCodec.Transmitter transmitter, long nowNanos);

        /** Whether a datagram is a part of such a handshake. */
        boolean isIn(ByteBuffer datagram);

        /**
         * Takes one.
         *
         * @return why it is not taken, or {@code null} when it is
         */
        @Nullable
        DropReason onDatagram(
                ByteBuffer datagram, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos);

        /** The coordinator has answered by the link that there is: no other one is wanted. Nothing is kept of what was begun. */
        void onLinkInUse();

        /** Why the last one has failed, for people; {@code null} when that is not known. Whoever answered may have caused it. */
        default @Nullable String failure() {
            return null;
        }
    }

    /** Is told what a member has agreed on with its coordinator. */
    @FunctionalInterface
    interface Agreement {

        void onAgreed(MemberKeys agreed, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos);
    }

    /** The side of the coordinator. */
    interface AtCoordinator {

        /** Whether a datagram is a part of such a handshake. */
        boolean isIn(ByteBuffer datagram);

        /**
         * Takes one.
         *
         * @return why it is not taken, or {@code null} when it is
         */
        @Nullable
        DropReason onDatagram(
                InetSocketAddress source,
                ByteBuffer datagram,
                DatagramCodec.Answers answers,
                ProtocolCounters counters,
                long nowNanos);

        /** From now on a node has to have one of these, and is let in by these certificates, if it is by any. */
        void replace(Requirements requirements);

        /** Whether who has a link may be in a group. */
        default DatagramCodec.Consent consent(Link link, String group, DatagramCodec.Answers answers, long nowNanos) {
            return DatagramCodec.Consent.GIVEN;
        }

        /** Does what is due. */
        default void onDeadline(ProtocolCounters counters, long nowNanos) {}

        /** When {@link #onDeadline} is to be called next. */
        default long nextDeadlineNanos() {
            return Long.MAX_VALUE;
        }
    }
}
