package io.camure.protocol.session;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.GroupLink;
import io.camure.protocol.group.ManagedGroup;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a coordinator says to a node whose GroupJoin it can't hand on to a group; nothing to one that does not understand it. */
final class JoinAnswers {

    /** Of many groups, so many are listed. */
    private static final int LISTED_GROUPS = 10;

    private final ManagedGroups groups;
    private final GroupLink link;

    JoinAnswers(ManagedGroups groups, GroupLink link) {
        this.groups = groups;
        this.link = link;
    }

    static boolean areTakenBy(@Nullable Extension offer) {
        return offer != null && offer.isUnderstood() && Capability.JOIN_ANSWERS.isIn(offer.capabilities());
    }

    /** The id of the group that was asked for by its name. */
    void tellId(InetSocketAddress node, ManagedGroup<?> group, ChunkReader join) {
        send(node, group.id(), join, true, "");
    }

    /** Drops a join of a group that does not exist. */
    void refuseUnknown(InetSocketAddress node, ChunkReader join, long nowNanos) {
        if (!areTakenBy(join.extension())) {
            link.counters().onDropped(DropReason.UNKNOWN_GROUP);
        } else if (link.answerLimit().allows(node, nowNanos)) {
            link.counters().onDropped(DropReason.UNKNOWN_GROUP);
            tellUnknown(node, join);
        } else {
            link.counters().onDropped(DropReason.UNANSWERED);
        }
    }

    private void tellUnknown(InetSocketAddress node, ChunkReader join) {
        Extension offer = join.extension();
        String name = offer == null ? "" : offer.groupName();
        String wanted = name.isEmpty()
                ? "group " + join.group()
                : join.asksByName() ? "group " + name : "group " + join.group() + ", which this node calls " + name;
        send(node, join.group(), join, false, "the coordinator has no " + wanted + "; it has " + list());
    }

    private String list() {
        List<ManagedGroup<?>> all = groups.all();
        if (all.isEmpty()) {
            return "none";
        }
        String listed =
                all.stream().limit(LISTED_GROUPS).map(JoinAnswers::withId).collect(Collectors.joining(", "));
        return all.size() > LISTED_GROUPS ? listed + " and " + (all.size() - LISTED_GROUPS) + " more" : listed;
    }

    private static String withId(ManagedGroup<?> group) {
        return group.label().hasName()
                ? group.label() + " (id " + group.id() + ")"
                : group.label().toString();
    }

    void tellFull(InetSocketAddress node, ChunkReader join, long nowNanos) {
        if (areTakenBy(join.extension()) && link.answerLimit().allows(node, nowNanos)) {
            int members = link.settings().maximumMembers();
            send(node, join.group(), join, false, "the session has " + members + " members, as many as it may have");
        }
    }

    /** Whether a node may be in a group by its certificate; tells it if not. While that is not known it will ask again. */
    boolean lets(InetSocketAddress node, ManagedGroup<?> group, ChunkReader join, long nowNanos) {
        String label = group.label().toString();
        DatagramCodec.Consent consent = link.outbox().codec().consent(node, label, link.outbox(), nowNanos);
        if (consent == DatagramCodec.Consent.REFUSED) {
            send(
                    node,
                    group.id(),
                    join,
                    false,
                    "the coordinator does not admit the certificate of this node to " + label);
        }
        return consent == DatagramCodec.Consent.GIVEN;
    }

    /** The end of a group that a member has not heard of, for which it would wait for ever. */
    void tellEnd(InetSocketAddress member, ChunkReader said) {
        ByteBuffer end = link.control();
        boolean leaving = said.type() == ChunkType.GROUP_LEAVE;
        ChunkWriter.groupDisconnected(
                end, said.group(), leaving ? DisconnectReason.LEAVE : DisconnectReason.CLOSED, said.membership());
        link.send(member, end);
    }

    private void send(InetSocketAddress node, int group, ChunkReader join, boolean resolved, String reason) {
        if (areTakenBy(join.extension())) {
            ByteBuffer answer = link.control();
            ChunkWriter.groupPending(answer, group, join.membership(), resolved, reason);
            link.send(node, answer);
        }
    }
}
