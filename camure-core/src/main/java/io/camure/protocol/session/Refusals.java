package io.camure.protocol.session;

import static java.util.concurrent.TimeUnit.MINUTES;

import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.AnswerLimit;
import io.camure.protocol.group.MemberSettings;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Which nodes a coordinator does not let in, how it tells them, and how they read that. */
final class Refusals {

    /** A node that is refused may try for ever, and there may be many. */
    private static final long NOTICE_NANOS = MINUTES.toNanos(1);

    private final Extension answer;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final AnswerLimit answerLimit;
    private long nextNoticeNanos;
    private boolean noticed;

    /** @param answer what the coordinator says of itself */
    Refusals(Extension answer, Outbox outbox, ProtocolCounters counters, AnswerLimit answerLimit) {
        this.answer = answer;
        this.outbox = outbox;
        this.counters = counters;
        this.answerLimit = answerLimit;
    }

    /** Refuses a node that can't be let in, and says whether it did. A legacy peer can't say what would keep it out. */
    boolean refuses(InetSocketAddress source, @Nullable Extension offer, long nowNanos) {
        if (offer == null) {
            return false;
        }
        if (!offer.isUnderstood()) {
            refuseVersion(source, offer, nowNanos);
            return true;
        }
        if (offer.sessionName().equals(answer.sessionName())) {
            return false;
        }
        refuse(source, offer, DropReason.OTHER_SESSION, nowNanos);
        if (!noticed || nowNanos - nextNoticeNanos >= 0) {
            noticed = true;
            nextNoticeNanos = nowNanos + NOTICE_NANOS;
            NodeIdentity node = new NodeIdentity(offer.name(), source, offer.incarnation());
            outbox.tell(new SessionEvent.JoinRefused(node, offer.sessionName()));
        }
        return true;
    }

    /** In no more bytes than there were in the join, whoever sent it. */
    private void refuseVersion(InetSocketAddress source, Extension offer, long nowNanos) {
        if (!answerLimit.allows(source, nowNanos)) {
            counters.onDropped(DropReason.UNANSWERED);
            return;
        }
        counters.onDropped(DropReason.UNKNOWN_VERSION);
        ByteBuffer refusal = outbox.control();
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        Extension.writeVersions(refusal, Extension.VERSION, Extension.VERSION, offer.incarnation());
        outbox.sendWritten(source, refusal);
    }

    private void refuse(InetSocketAddress source, Extension offer, DropReason reason, long nowNanos) {
        if (!answerLimit.allows(source, nowNanos)) {
            counters.onDropped(DropReason.UNANSWERED);
            return;
        }
        counters.onDropped(reason);
        send(source, offer);
    }

    /** Tells a node that the session is full: it finds its own version and the name of its session in the refusal. */
    void tellFull(InetSocketAddress source, Extension offer, long nowNanos) {
        if (answerLimit.allows(source, nowNanos)) {
            send(source, offer);
        }
    }

    private void send(InetSocketAddress source, Extension offer) {
        ByteBuffer refusal = outbox.control();
        ChunkWriter.session(refusal, ChunkType.SESSION_REFUSED);
        answer.withEcho(offer.incarnation()).write(refusal);
        outbox.sendWritten(source, refusal);
    }

    /**
     * Why a member can't be in the session of the coordinator that has answered, or {@code null} when that is no reason. A legacy
     * peer does not say what its session is called. Who is in can't be refused, but can find another coordinator in the place of
     * the one that let it in.
     *
     * @param agreed the terms of the session that the member is in; {@code null} when it is in none
     */
    static @Nullable Disconnection read(
            @Nullable Extension answer, MemberSettings member, @Nullable SessionTerms agreed) {
        if (answer == null || agreed != null && agreed.incarnation() == answer.incarnation()) {
            return null;
        }
        if (!answer.isUnderstood()) {
            return agreed != null
                    ? null
                    : new Disconnection(
                            Disconnection.Cause.UNKNOWN_VERSION,
                            "the coordinator " + Format.node(answer.name(), member.coordinatorAddress())
                                    + " speaks version "
                                    + answer.lowestVersion() + "…" + answer.highestVersion()
                                    + " of the protocol, this node version " + Extension.VERSION);
        }
        if (!answer.sessionName().equals(member.sessionName())) {
            return new Disconnection(
                    agreed == null ? Disconnection.Cause.OTHER_SESSION : Disconnection.Cause.COORDINATOR_LOST,
                    "the coordinator " + Format.node(answer.name(), member.coordinatorAddress()) + " is in "
                            + Format.session(answer.sessionName()) + ", this node is to be in "
                            + Format.session(member.sessionName())
                            + ": set session-name (camure.session-name) to the same at both, or ask another coordinator");
        }
        return null;
    }

    /** Why a member is out of its groups whose coordinator takes it for a new one. */
    static Disconnection forgotten() {
        return new Disconnection(
                Disconnection.Cause.EVICTED,
                "the coordinator evicted this member, since it did not hear from it for too long");
    }

    /** Why a member is out of a session whose coordinator has said goodbye. */
    static Disconnection handedOver(NodeIdentity coordinator) {
        return new Disconnection(
                Disconnection.Cause.HANDED_OVER,
                "the coordinator " + Format.node(coordinator) + " has handed over to another one");
    }

    /**
     * Why a member is out of a session whose coordinator has begun another life.
     *
     * @param former the one that it was before
     * @param does what shows that it is there
     */
    static Disconnection anotherIncarnation(NodeIdentity former, String does) {
        return new Disconnection(
                Disconnection.Cause.COORDINATOR_LOST,
                "another incarnation of the coordinator " + does + " at " + Format.node(former)
                        + ": the session was started anew");
    }
}
