package io.camure.spring.boot.test;

import io.camure.spring.CamureListener;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What each {@link CamureListener} method has handled, in order. A call is recorded when it is over, so that what it did can be
 * asserted, too. Thread-safe.
 *
 * <p>Calls are recorded by a proxy of the listener's bean; private methods, final methods and those of final classes are not.
 * An argument that is read while the message arrives has been read when it is recorded.
 */
public final class CamureListenerHarness {

    private final Duration timeout;
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /**
     * A call that is over.
     *
     * @param groups the names of the groups that the method listens to: a call counts for each, if there are several
     * @param method as {@code PriceBoard.onPrice}
     * @param arguments what the method was called with
     * @param failure what it threw, or {@code null}
     */
    public record Call(
            Set<String> groups,
            String method,
            List<Object> arguments,
            @Nullable Throwable failure) {}

    CamureListenerHarness(Duration timeout) {
        this.timeout = timeout;
    }

    void record(Call call) {
        calls.add(call);
    }

    /** All calls so far. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls for messages of a group so far. */
    public List<Call> calls(String group) {
        return calls.stream().filter(call -> call.groups().contains(group)).toList();
    }

    /** The arguments of a type that listeners of a group were called with so far, those of failed calls included. */
    public <T> List<T> received(String group, Class<T> type) {
        return calls(group).stream()
                .flatMap(call -> call.arguments().stream())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /**
     * Waits until listeners of a group were called with so many arguments of a type at least.
     *
     * @return all they were called with until then
     * @throws ConditionTimeoutException when they were not within {@code camure.test.timeout}
     */
    public <T> List<T> awaitReceived(String group, int count, Class<T> type) {
        return Awaitility.await(count + " " + type.getSimpleName() + " of " + group)
                .atMost(timeout)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> received(group, type), received -> received.size() >= count);
    }

    /** The same for one: the first there is. */
    public <T> T awaitReceived(String group, Class<T> type) {
        return Objects.requireNonNull(awaitReceived(group, 1, type).get(0));
    }

    /** Forgets all; done after each test method. */
    public void clear() {
        calls.clear();
    }
}
