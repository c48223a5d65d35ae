package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CoordinatorDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.LossDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.PathDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.EventDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.GroupHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.HistoryDescriptor.NodeHistoryDescriptor;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor;
import io.camure.spring.kind.GroupDetails;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Takes incarnations, addresses and the application's own values out of what the endpoint tells, for who may not see them: who knows
 * the former can forge what nodes of a session in clear say. An address gets a name in its place, the same in all answers of this application, so that
 * nodes are still told apart; the address can't be found from it.
 */
final class HiddenValues {

    private static final Pattern ADDRESS = Pattern.compile(
            "(?:\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b|\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[^]\\s]+)?])(?::\\d{1,5}\\b)?");

    private static final String WITHOUT_TEXT = "hidden: see the log of that node";

    private static final String MAC = "HmacSHA256";
    private static final int NAME_BYTES = 4;

    private final byte[] key = new byte[32];

    HiddenValues() {
        new SecureRandom().nextBytes(key);
    }

    SessionDescriptor in(SessionDescriptor session) {
        List<String> deaf = session.deafMembers();
        List<PathDescriptor> paths = session.paths();
        CoordinatorDescriptor coordinator = session.coordinator();
        return new SessionDescriptor(
                session.name(),
                session.node(),
                session.role(),
                session.state(),
                null,
                session.transport(),
                session.security(),
                inText(session.address()),
                inText(session.multicastAddress()),
                session.delivery(),
                session.members(),
                session.unicastMembers(),
                deaf == null ? null : deaf.stream().map(this::in).toList(),
                paths == null ? null : paths.stream().map(this::in).toList(),
                coordinator == null
                        ? null
                        : new CoordinatorDescriptor(
                                coordinator.name(),
                                in(coordinator.address()),
                                null,
                                coordinator.term(),
                                coordinator.here(),
                                coordinator.lastHeardMillis(),
                                coordinator.roundTripMicros()),
                in(session.loss()),
                session.statistics(),
                session.groups().stream().map(this::in).toList());
    }

    GroupDescriptor in(GroupDescriptor group) {
        List<MemberDescriptor> members = group.members();
        return new GroupDescriptor(
                group.name(),
                group.session(),
                group.role(),
                group.type(),
                group.id(),
                group.state(),
                group.expectedMembers(),
                members == null ? null : members.stream().map(this::in).toList(),
                group.roundTripMicros(),
                in(group.loss()),
                in(group.details()));
    }

    private PathDescriptor in(PathDescriptor path) {
        return new PathDescriptor(path.name(), in(path.address()), path.bytes(), path.lowered());
    }

    private MemberDescriptor in(MemberDescriptor member) {
        return new MemberDescriptor(
                member.name(), in(member.address()), member.since(), member.lastHeardMillis(), in(member.details()));
    }

    private @Nullable LossDescriptor in(@Nullable LossDescriptor loss) {
        return loss == null
                ? null
                : new LossDescriptor(
                        in(loss.reason()), loss.since(), loss.lastTry(), inText(loss.lastFailure()), loss.nextTry());
    }

    HistoryDescriptor in(HistoryDescriptor history) {
        return new HistoryDescriptor(
                history.time(),
                history.intervalMillis(),
                history.groups().stream().map(this::in).toList(),
                history.events().stream().map(this::in).toList());
    }

    private GroupHistoryDescriptor in(GroupHistoryDescriptor group) {
        return new GroupHistoryDescriptor(
                group.name(),
                group.session(),
                group.times(),
                group.series(),
                group.nodes().stream().map(this::in).toList(),
                group.recent().stream().map(this::in).toList());
    }

    private NodeHistoryDescriptor in(NodeHistoryDescriptor node) {
        return new NodeHistoryDescriptor(
                node.name(),
                in(node.address()),
                node.timesLast(),
                node.waitMicros(),
                node.roundTripMicros(),
                node.present());
    }

    private EventDescriptor in(EventDescriptor event) {
        return new EventDescriptor(
                event.time(),
                event.session(),
                event.group(),
                event.kind(),
                inText(event.node()),
                inText(event.address()),
                in(event.text()));
    }

    /** What exceptions of the application say may have its values. */
    RefreshDescriptor in(RefreshDescriptor refresh) {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        refresh.changed().forEach((node, keys) -> changed.put(in(node), keys));
        Map<String, String> refusals = new LinkedHashMap<>();
        refresh.refusals().forEach((node, why) -> refusals.put(in(node), WITHOUT_TEXT));
        return new RefreshDescriptor(
                refresh.time(),
                refresh.group(),
                refresh.outcome(),
                changed,
                refusals,
                inText(refresh.coordinator()),
                inText(refresh.failure()));
    }

    private Map<String, Object> in(Map<?, ?> details) {
        Map<String, Object> hidden = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            if (!GroupDetails.VALUES.equals(name)) {
                hidden.put(in(String.valueOf(name)), inAny(value));
            }
        });
        return hidden;
    }

    private Object inAny(Object value) {
        if (value instanceof String text) {
            return in(text);
        } else if (value instanceof List<?> list) {
            return list.stream().map(this::inAny).toList();
        } else if (value instanceof Map<?, ?> map) {
            return in(map);
        }
        return value;
    }

    private @Nullable String inText(@Nullable String text) {
        return text == null ? null : in(text);
    }

    private String in(String text) {
        return ADDRESS.matcher(text).replaceAll(found -> name(found.group()));
    }

    private String name(String address) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            byte[] digest = mac.doFinal(address.getBytes(StandardCharsets.UTF_8));
            return "hidden-" + HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + MAC, e);
        }
    }
}
