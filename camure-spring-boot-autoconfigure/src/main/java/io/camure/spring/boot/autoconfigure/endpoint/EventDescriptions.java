package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.CollectiveMismatchException;
import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.spring.CamureEvent;
import io.camure.spring.CoordinatorChangedEvent;
import io.camure.spring.CoordinatorLeaseEndedEvent;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.GroupRegainedEvent;
import io.camure.spring.ListenerFailedEvent;
import io.camure.spring.MemberCaughtUpEvent;
import io.camure.spring.MemberDeafEvent;
import io.camure.spring.MemberHearsEvent;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.MemberLeftEvent;
import io.camure.spring.MemberPathEvent;
import io.camure.spring.MemberSlowEvent;
import io.camure.spring.RoundBrokenEvent;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import io.camure.spring.kind.Written;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says what has happened. */
final class EventDescriptions {

    /** Messages of exceptions may be long, and are kept. */
    private static final int LONGEST_TEXT = 500;

    private EventDescriptions() {}

    /** @param shown whether it is told what exceptions of the application say, which may be about its values */
    static EventDescriptor of(CamureEvent event, Instant time, boolean shown) {
        if (event instanceof MemberJoinedEvent joined) {
            return about(event, time, joined.group(), "joined", joined.member(), joined.member() + " has joined");
        } else if (event instanceof MemberLeftEvent left) {
            return ofLeft(left, time);
        } else if (event instanceof MemberSlowEvent slow) {
            return about(event, time, slow.group(), "slow", slow.member(), slow.member() + " holds the broadcast up");
        } else if (event instanceof MemberCaughtUpEvent caught) {
            return about(event, time, caught.group(), "caught-up", caught.member(), caught.member() + " has caught up");
        } else if (event instanceof RoundBrokenEvent broken) {
            String kind = broken.cause() instanceof CollectiveMismatchException ? "mismatch" : "broken";
            return about(
                    event, time, broken.group(), kind, null, shown ? message(broken.cause()) : general(broken.cause()));
        } else if (event instanceof ListenerFailedEvent failed) {
            Throwable why = failed.failure();
            String text = "listener " + failed.listener() + " has failed: "
                    + (shown ? message(why) : why.getClass().getName());
            return about(event, time, failed.group(), "listener-failed", null, text);
        }
        return ofSession(event, time);
    }

    private static EventDescriptor ofLeft(MemberLeftEvent left, Instant time) {
        return switch (left.reason()) {
            case LEFT -> about(left, time, left.group(), "left", left.member(), left.member() + " has left");
            case LOST ->
                about(
                        left,
                        time,
                        left.group(),
                        "lost",
                        left.member(),
                        left.member() + " is lost: it was not heard any more");
            case EVICTED -> about(left, time, left.group(), "evicted", left.member(), left.member() + " was evicted");
        };
    }

    private static EventDescriptor ofSession(CamureEvent event, Instant time) {
        if (event instanceof MemberDeafEvent deaf) {
            String text = deaf.member() + " hears no multicast, and is served by unicast";
            return about(event, time, null, "deaf", deaf.member(), text);
        } else if (event instanceof MemberHearsEvent hears) {
            return about(event, time, null, "hears", hears.member(), hears.member() + " hears multicast again");
        } else if (event instanceof MemberPathEvent path) {
            String text = "datagrams of up to " + path.bytes() + " bytes get to " + path.member();
            return about(event, time, null, path.lowered() ? "path-lowered" : "path", path.member(), text);
        } else if (event instanceof CoordinatorLostEvent lost) {
            String text = "the coordinator " + lost.coordinator() + " is lost";
            return about(event, time, null, "coordinator-lost", lost.coordinator(), text);
        } else if (event instanceof CoordinatorRegainedEvent regained) {
            String text = "back with the coordinator " + regained.coordinator() + after(regained.outage());
            return about(event, time, null, "coordinator-regained", regained.coordinator(), text);
        } else if (event instanceof CoordinatorChangedEvent changed) {
            String text = changed.to() + " coordinates" + (changed.term() == 0 ? "" : ", term " + changed.term())
                    + (changed.from() == null ? "" : ", in place of " + changed.from() + after(changed.outage()));
            return about(event, time, null, "coordinator-changed", changed.to(), text);
        } else if (event instanceof CoordinatorLeaseEndedEvent ended) {
            String text = "this node coordinates no more: its lease"
                    + (ended.term() == 0 ? "" : " of term " + ended.term()) + " was not renewed in time";
            return about(event, time, null, "lease-ended", null, text);
        } else if (event instanceof GroupLostEvent lost) {
            return about(event, time, lost.group(), "group-lost", null, message(lost.cause()));
        } else if (event instanceof GroupRegainedEvent regained) {
            return about(event, time, regained.group(), "group-regained", null, "back" + after(regained.outage()));
        }
        throw new IllegalArgumentException(event.toString());
    }

    private static String after(Duration outage) {
        return " after " + outage.toMillis() + "ms";
    }

    private static String general(RoundBrokenException cause) {
        return cause.reason() == RoundBrokenException.Reason.FAILED
                ? "round " + cause.round() + " has no result: " + cause.whatFailed()
                : message(cause);
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.length() <= LONGEST_TEXT ? message : message.substring(0, LONGEST_TEXT) + "…";
    }

    private static EventDescriptor about(
            CamureEvent event, Instant time, @Nullable String group, String kind, @Nullable Node node, String text) {
        String address = node == null ? null : Written.address(node.address());
        String name = node == null || node.name().isEmpty() ? address : node.name();
        return new EventDescriptor(time, event.session(), group, kind, name, address, text);
    }
}
