package io.camure.spring.broadcast;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.Headers;
import io.camure.MemberProgress;
import io.camure.Node;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.SendAround;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A broadcast at its coordinator, which sends. */
final class BroadcastCoordinatorAdapter extends CoordinatorAdapter<BroadcastGroup> {

    private static final Set<String> SENDING = Set.of("send", "sendAsync");

    private final BroadcastTraffic<BroadcastGroup> traffic = new BroadcastTraffic<>(
            this, BroadcastGroup::messagesSent, BroadcastGroup::bytesSent, BroadcastGroup::window);

    BroadcastCoordinatorAdapter(GroupContext group) {
        super(BroadcastGroup.class, group);
    }

    @Override
    public BroadcastGroup create(Coordinator coordinator) {
        return coordinator.createBroadcast(group().config());
    }

    @Override
    protected void onDetached(BroadcastGroup over) {
        traffic.onDetached(over);
    }

    /** Sending a message is observed; writing one, which may take any time, is not. */
    @Override
    public @Nullable Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable {
        SendAround around = group().aroundSending();
        Object result;
        if (around != null && SENDING.contains(method.getName())) {
            Headers.Builder added = Headers.builder();
            result = around.call(added, () -> send(method, arguments, added, call));
        } else {
            result = call.proceed();
        }
        return result instanceof CompletableFuture<?> future
                ? group().session().callbacks().handOver(future, (delivery, failure) -> {})
                : result;
    }

    /** Sends what a call says, with more headers if there are some and there is room for them. */
    private @Nullable Object send(Method method, @Nullable Object[] arguments, Headers.Builder added, Around.Call call)
            throws Throwable {
        Headers given = arguments.length > 1 && arguments[1] instanceof Headers headers ? headers : Headers.NONE;
        Headers all = withAdded(given, added);
        BroadcastGroup now = current();
        if (now == null || all.equals(given)) {
            return call.proceed();
        }
        Object message = arguments[0];
        if (method.getName().equals("sendAsync")) {
            return now.sendAsync((byte[]) message, all);
        } else if (message instanceof BroadcastGroup.MessageSource source) {
            now.send(source, all);
        } else {
            now.send((byte[]) message, all);
        }
        return null;
    }

    /** No message is refused for what is only added to it. */
    private static Headers withAdded(Headers given, Headers.Builder added) {
        try {
            return Headers.builder().headers(given).headers(added.build()).build();
        } catch (IllegalArgumentException e) {
            return given;
        }
    }

    @Override
    public List<GroupMeter> meters() {
        List<GroupMeter> meters = new ArrayList<>(super.meters());
        meters.addAll(traffic.meters("sent"));
        meters.add(GroupMeter.gauge(
                "camure.broadcast.slow.members",
                "members",
                "Members that hold the broadcast up",
                () -> valueOfCurrent(group -> group.slowMembers().size())));
        return meters;
    }

    @Override
    public GroupDetails details() {
        BroadcastGroup now = current();
        Collection<Node> slow = slowMembers();
        Map<Node, MemberProgress> progress = new HashMap<>();
        if (now != null) {
            now.progress().forEach(member -> progress.put(member.member(), member));
        }
        return new GroupDetails(traffic.details(), member -> describe(slow.contains(member), progress.get(member)));
    }

    private static Map<String, Object> describe(boolean slow, @Nullable MemberProgress progress) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("slow", slow);
        if (progress != null) {
            details.put("missingChunks", progress.missingChunks());
            progress.window().ifPresent(window -> {
                details.put("windowChunks", window.chunks());
                details.put("windowCapacity", window.capacity());
            });
        }
        return details;
    }

    @Override
    public GroupSample sample() {
        return traffic.sample();
    }

    @Override
    public Map<String, Object> health() {
        BroadcastGroup now = current();
        Collection<Node> slow = slowMembers();
        return now == null ? Map.of() : Map.of("slowMembers", lastHeard(now, member -> slow.contains(member.node())));
    }

    private Collection<Node> slowMembers() {
        BroadcastGroup now = current();
        return now == null ? Set.of() : now.slowMembers();
    }
}
