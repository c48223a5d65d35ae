package io.camure.protocol.base;

import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Something that happened in a session and that its users may want to be told. */
public sealed interface SessionEvent {

    /** A member is in a group. */
    public record MemberJoined(int group, NodeIdentity member) implements SessionEvent {}

    /** A member is no longer in a group. */
    public record MemberLeft(int group, NodeIdentity member, Departure departure) implements SessionEvent {}

    /** A node was not admitted to a group, and is not going to be as it asks; why is for people. Told once in a while. */
    public record GroupJoinRefused(int group, NodeIdentity node, String why) implements SessionEvent {}

    /** A member has held a broadcast up for longer than it may. */
    public record MemberSlow(int group, NodeIdentity member) implements SessionEvent {}

    /** A member has been slow for so long, all the time. */
    public record MemberStillSlow(int group, NodeIdentity member, long slowNanos) implements SessionEvent {}

    /** A member that was slow is not any more. */
    public record MemberCaughtUp(int group, NodeIdentity member) implements SessionEvent {}

    /**
     * The coordinator has found out that a node hears its group traffic, or that it does not and has to be served by unicast.
     * Of a node that has just come it is told once it is known.
     */
    public record HearingChanged(NodeIdentity member, boolean hears) implements SessionEvent {}

    /**
     * The coordinator has found out which datagrams get to a node, and sends it no longer ones from now on.
     *
     * @param before the length until now, in bytes
     * @param bytes the length from now on
     * @param lowered whether it is less than what networks are expected to take
     * @param byUnicast whether longer ones did not get there by unicast
     * @param byMulticast the same by multicast
     */
    public record PathChanged(
            NodeIdentity member, int before, int bytes, boolean lowered, boolean byUnicast, boolean byMulticast)
            implements SessionEvent {}

    /** A chunk of so many bytes does not get to a member of a broadcast, however often it is sent again; shorter ones do. */
    public record ChunkTooLong(int group, NodeIdentity member, int bytes) implements SessionEvent {}

    /** The coordinator's lease was not renewed in time: it takes, does and sends nothing any more. */
    public record LeaseEnded(long term) implements SessionEvent {}

    /** A node was not let in, since it wants to be in a session of another name; empty without one. Told once in a while. */
    public record JoinRefused(NodeIdentity node, String sessionName) implements SessionEvent {}

    /** A node was not let in, since it speaks protocol 0.1 or is of an earlier build. Told once in a while. */
    public record LegacyRefused(NodeIdentity node) implements SessionEvent {}

    /**
     * A node was not let in by its certificate, or not into a group. Told once in a while.
     *
     * @param subject whose certificate it is; empty when it has shown none that is trusted
     * @param why for people
     */
    public record CertificateRefused(InetSocketAddress address, String subject, String why) implements SessionEvent {}

    /**
     * The coordinator answered: this member is in the session, and its group traffic comes on the given address, or by
     * unicast alone if there is none.
     *
     * @param term in which the coordinator was elected; 0 when nobody has elected it
     */
    public record SessionJoined(@Nullable InetSocketAddress multicastAddress, long term) implements SessionEvent {}

    /** The coordinator answers this member from another address than the one that is asked, and is believed there, too. */
    public record AnsweredElsewhere(InetSocketAddress source) implements SessionEvent {}

    /** Group traffic of this member's session comes from an address that its coordinator does not name, and is dropped. */
    public record UnnamedGroupSource(InetSocketAddress source) implements SessionEvent {}

    /** This member has heard nothing of its group traffic for long, although there must have been some. */
    public record GroupTrafficMissing() implements SessionEvent {}

    /** The session of a member ended by something else than the member's own wish; its groups follow. */
    public record SessionLost(Disconnection disconnection) implements SessionEvent {}

    /** A member is out of a group, by its own wish or not. */
    public record Disconnected(int group, Disconnection disconnection) implements SessionEvent {}
}
