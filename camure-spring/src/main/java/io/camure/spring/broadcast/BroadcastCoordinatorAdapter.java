package io.camure.spring.broadcast;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.MemberProgress;
import io.camure.Node;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
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

    private volatile @Nullable Around observation;

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

    @Override
    public void observeCalls(Around by) {
        observation = by;
    }

    /** Sending a message is observed; writing one, which may take any time, is not. */
    @Override
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        Around around = observation;
        Object result = around != null && SENDING.contains(method.getName()) ? around.call(call) : call.proceed();
        return result instanceof CompletableFuture<?> future
                ? group().session().callbacks().handOver(future, (delivery, failure) -> {})
                : result;
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
