package io.camure.spring.kind;

import io.camure.Group;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to a group of one kind at one side of its session. There is one for each group of the application; it
 * outlives what the core has for it, which is created or joined anew with each start. Thread-safe.
 *
 * @param <G> what the core has for it, and what its bean is
 */
public abstract sealed class GroupAdapter<G extends Group> permits CoordinatorAdapter, MemberAdapter {

    private final Class<G> type;
    private final GroupContext group;

    /** Guarded by this. */
    private @Nullable G current;

    GroupAdapter(Class<G> type, GroupContext group) {
        this.type = type;
        this.group = group;
    }

    /** What the group's bean is. */
    public final Class<G> type() {
        return type;
    }

    protected final GroupContext group() {
        return group;
    }

    /** What was created or joined last, also when it is closed or lost; {@code null} before and after. */
    public final synchronized @Nullable G current() {
        return current;
    }

    /** Takes what was created or joined. */
    public final synchronized void attach(Group created) {
        current = type.cast(created);
    }

    /** Forgets it, but for what is to be counted on. */
    public final synchronized void detach() {
        G over = current;
        if (over != null) {
            onDetached(over);
            onLost();
            current = null;
        }
    }

    /** Keeps what is to be counted on. Called with this locked. */
    protected void onDetached(G over) {}

    /** This node is out of it: what begins anew when it is in again does so from now on. */
    public void onLost() {}

    /** Makes a call of the bean, and does what belongs around it. */
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        return call.proceed();
    }

    /**
     * Makes a call of the bean, and does what belongs around it.
     *
     * @param arguments what it is called with
     */
    public @Nullable Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable {
        return around(method, call);
    }

    /** What the group can do, while its session is running. */
    public final GroupState state() {
        G now = current();
        if (now == null) {
            return GroupState.JOINING;
        }
        return now.isOpen() ? state(now) : GroupState.LOST;
    }

    /** What a group can do that is open. */
    abstract GroupState state(G open);

    /** How long the other side takes to answer; nothing while that was not measured. */
    public abstract Optional<Duration> roundTrip();

    /** What is measured of it beside what all groups have. */
    public List<GroupMeter> meters() {
        return List.of();
    }

    /** What is timed in it. */
    public List<GroupTimer> timers() {
        return List.of();
    }

    /** What is told of it beside what all groups have. */
    public abstract GroupDetails details();

    /** What is recorded of it; what costs something to know is counted from the first call on. */
    public abstract GroupSample sample();

    /** What its health tells beside what all groups have, by name; values as in {@link GroupDetails}. */
    public Map<String, Object> health() {
        return Map.of();
    }
}
