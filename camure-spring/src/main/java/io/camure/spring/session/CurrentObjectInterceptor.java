package io.camure.spring.session;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.Round;
import io.camure.RoundBrokenException;
import io.camure.spring.RoundBrokenEvent;
import io.camure.spring.session.RoundRecord.Outcome;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;

/**
 * What is behind a bean of a session: it stays the same while the object that does the work is exchanged at each start.
 * While there is none, asking whether it is open, closing and naming it work, and all else fails.
 */
public final class CurrentObjectInterceptor implements MethodInterceptor {

    private final String name;
    private final Supplier<? extends CamureException> notUsable;
    private final Supplier<@Nullable Object> current;
    private final @Nullable Object nameOrId;
    private final @Nullable GroupBinding group;

    private CurrentObjectInterceptor(
            String name,
            Supplier<? extends CamureException> notUsable,
            Supplier<@Nullable Object> current,
            @Nullable Object nameOrId,
            @Nullable GroupBinding group) {
        this.name = name;
        this.notUsable = notUsable;
        this.current = current;
        this.nameOrId = nameOrId;
        this.group = group;
    }

    /** @param type {@link io.camure.Coordinator} or {@link io.camure.Member}, as the role is */
    public static <T> T session(Class<T> type, SessionBinding session) {
        String description = "the " + type.getSimpleName().toLowerCase(Locale.ROOT);
        return proxy(
                type,
                new CurrentObjectInterceptor(
                        session.name() + ": " + description,
                        () -> session.notRunning(description),
                        session::current,
                        session.name(),
                        null));
    }

    static <T> T group(Class<T> type, GroupBinding group) {
        return proxy(
                type,
                new CurrentObjectInterceptor(
                        group.toString(),
                        group::notUsable,
                        group::current,
                        group.definition().id(),
                        group));
    }

    private static <T> T proxy(Class<T> type, CurrentObjectInterceptor interceptor) {
        ProxyFactory factory = new ProxyFactory(type, interceptor);
        factory.setOpaque(true);
        return type.cast(factory.getProxy(type.getClassLoader()));
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Method method = invocation.getMethod();
        if (method.getDeclaringClass() == Object.class) {
            return name;
        }
        Object target = current.get();
        if (target == null) {
            return withoutTarget(method);
        }
        @Nullable Object[] arguments = invocation.getArguments();
        GroupBinding of = group;
        if (of != null && method.getName().equals("send")) {
            return send(of, target, method, arguments);
        } else if (of == null
                || !(target instanceof Barrier)
                || !method.getName().startsWith("await")
                || method.getName().equals("awaitMembers")) {
            return AopUtils.invokeJoinpointUsingReflection(target, method, arguments);
        }
        return awaitRound(of, target, method, arguments);
    }

    private @Nullable Object withoutTarget(Method method) {
        switch (method.getName()) {
            case "isOpen":
                return false;
            case "close":
                return null;
            case "name", "id":
                if (nameOrId != null) {
                    return nameOrId;
                }
                break;
            default:
        }
        throw notUsable.get();
    }

    private static @Nullable Object send(
            GroupBinding group, Object broadcast, Method method, @Nullable Object[] arguments) throws Throwable {
        Around around = group.aroundSending();
        return around == null
                ? AopUtils.invokeJoinpointUsingReflection(broadcast, method, arguments)
                : around.call(() -> AopUtils.invokeJoinpointUsingReflection(broadcast, method, arguments));
    }

    private static @Nullable Object awaitRound(
            GroupBinding group, Object barrier, Method method, @Nullable Object[] arguments) throws Throwable {
        long startNanos = System.nanoTime();
        try {
            Object result = AopUtils.invokeJoinpointUsingReflection(barrier, method, arguments);
            if (result instanceof CompletableFuture<?> future) {
                future.whenComplete((round, failure) -> record(group, startNanos, round, failure));
            } else {
                record(group, startNanos, result, null);
            }
            return result;
        } catch (Throwable e) {
            record(group, startNanos, null, e);
            throw e;
        }
    }

    /** Interrupts and cancellations are not counted: the round goes on, and so may the wait. */
    private static void record(
            GroupBinding group, long startNanos, @Nullable Object result, @Nullable Throwable failure) {
        RoundRecord rounds = group.rounds();
        if (result instanceof Round round) {
            rounds.onCompleted(round);
        } else if (failure instanceof CamureException) {
            rounds.onIncomplete(
                    failure instanceof CamureTimeoutException ? Outcome.TIMEOUT : Outcome.FAILED,
                    Duration.ofNanos(System.nanoTime() - startNanos));
            if (failure instanceof RoundBrokenException broken && rounds.onBroken(broken.round())) {
                SessionBinding session = group.session();
                session.publish(new RoundBrokenEvent(session.sessionName(), session.name(), group.name(), broken));
            }
        }
    }
}
