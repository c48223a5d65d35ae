package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Collective;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.callback.UnaskedFailures;
import io.camure.spring.collective.CollectiveAdapter;
import io.camure.spring.method.AsyncType;
import io.camure.spring.method.InterfaceMethods;
import io.camure.spring.session.Gate;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.GroupObserver;
import io.camure.spring.session.SessionBindings;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;

/** Which method waits at which barrier. */
public final class BarrierMethods {

    private final SessionBindings sessions;
    private final boolean enabled;
    private final ConfigurableBeanFactory beanFactory;
    private final UnaskedFailures failures;
    private final Map<MethodClassKey, BarrierWait> waits = new ConcurrentHashMap<>();

    public BarrierMethods(
            SessionBindings sessions, boolean enabled, ConfigurableBeanFactory beanFactory, UnaskedFailures failures) {
        this.sessions = sessions;
        this.enabled = enabled;
        this.beanFactory = beanFactory;
        this.failures = failures;
        sessions.addObserver(new GroupObserver() {

            @Override
            public void onAdded(GroupBinding group) {
                // Found when a method asks for it.
            }

            @Override
            public void onRemoved(GroupBinding group) {
                // There may be another one with its name later.
                waits.clear();
            }
        });
    }

    /**
     * @param beanClass that of the target, if the bean is a proxy
     * @throws CamureConfigurationException when the bean does not pass such calls on, its work is done later than anybody can
     *     know, or there is no such barrier
     */
    void check(Object bean, Class<?> beanClass, Method method) {
        if (!AopUtils.isAopProxy(bean) || !isPassedOn(bean, beanClass, method)) {
            throw new CamureConfigurationException(
                    name(method)
                            + " has @CamureBarrier, but calls of it can't be intercepted: it is private, static or final,"
                            + " or the bean is a proxy of interfaces that don't have it.",
                    "Make the method public, and put it into an interface if its bean is used by that.");
        }
        BarrierResults.check(method, beanClass, of(method, beanClass).when());
    }

    private static boolean isPassedOn(Object proxy, Class<?> targetClass, Method method) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)) {
            return false;
        }
        return AopUtils.isJdkDynamicProxy(proxy)
                ? InterfaceMethods.of(proxy.getClass(), method, targetClass) != null
                : !Modifier.isFinal(modifiers);
    }

    BarrierWait of(Method method, Class<?> beanClass) {
        return waits.computeIfAbsent(new MethodClassKey(method, beanClass), key -> find(method, beanClass));
    }

    private BarrierWait find(Method method, Class<?> beanClass) {
        CamureBarrier annotation = AnnotatedElementUtils.findMergedAnnotation(method, CamureBarrier.class);
        if (annotation == null) {
            throw new IllegalArgumentException(method + " has no @CamureBarrier");
        }
        if (!enabled) {
            return BarrierWait.none(annotation.when());
        }
        GroupBinding group = group(method, text(annotation.group()));
        Duration timeout = timeout(method, annotation);
        AsyncType async = BarrierResults.asyncType(method, beanClass);
        boolean gives = StringUtils.hasText(annotation.contribute());
        requireFit(method, annotation, group, gives);
        Class<?> payloadType = group.definition().payloadType();
        return new BarrierWait(
                gives
                        ? collective(group, timeout)
                        : new BarrierPoint(
                                (Barrier) group.proxy(),
                                timeout,
                                group.session().callbacks()),
                annotation.when(),
                async,
                BarrierResults.hasOwnThread(method, beanClass),
                failures,
                gives
                        ? Contribution.of(
                                method,
                                beanClass,
                                annotation,
                                async,
                                payloadType == null ? Object.class : payloadType,
                                beanFactory)
                        : null);
    }

    @SuppressWarnings("unchecked")
    private static CollectivePoint collective(GroupBinding group, @Nullable Duration timeout) {
        return new CollectivePoint((Collective<Object>) group.proxy(), timeout);
    }

    private static void requireFit(Method method, CamureBarrier annotation, GroupBinding group, boolean gives) {
        CollectiveAdapter collective = CollectiveAdapter.of(group).orElse(null);
        String origin = group.definition().origin();
        if (collective == null && (gives || annotation.replaceResult())) {
            throw new CamureConfigurationException(
                    name(method) + " has @CamureBarrier with " + (gives ? "contribute" : "replaceResult")
                            + ", but its group " + group.name() + " is a barrier, in which nothing is given.",
                    "Leave it out, or name a collective.");
        } else if (collective != null && !gives) {
            throw new CamureConfigurationException(
                    name(method) + " has @CamureBarrier without contribute, but its group " + group.name()
                            + " is a collective, in which each node gives a value.",
                    "Say what is given, for example by contribute = \"#result\" with when = AFTER, or name a barrier.");
        } else if (collective != null && collective.config().reducer().isEmpty()) {
            throw new CamureConfigurationException(
                    name(method) + " has @CamureBarrier with contribute, but its group " + group.name()
                            + " has nothing that reduces the values.",
                    "Set " + origin + ".reduce or .reducer, or annotate a method with @CamureReducer(\"" + group.name()
                            + "\").");
        }
    }

    private GroupBinding group(Method method, String name) {
        String problem = name(method) + " waits at barrier '" + name + "', but ";
        if (sessions.all().isEmpty()) {
            throw new CamureConfigurationException(
                    problem + "there is no camure session.",
                    "Set camure.role, and the group in camure.groups; or set camure.enabled to false.");
        }
        var barriers = sessions.groups().stream()
                .filter(group -> group.definition().kind().hasRounds())
                .map(GroupBinding::name)
                .toList();
        GroupBinding group = sessions.group(name)
                .orElseThrow(() -> new CamureConfigurationException(
                        problem + "camure.groups has no such group.",
                        "Name one of its barriers, which are " + barriers + ", or add this one."));
        if (group.definition().gate() != Gate.NONE) {
            throw new CamureConfigurationException(
                    problem + group.definition().origin() + ".gate is "
                            + group.definition().gate().name().toLowerCase(Locale.ROOT)
                            + ", and such a barrier is for the gate alone: it would arrive in place of the method.",
                    "Name another barrier, or remove the gate.");
        } else if (!group.definition().kind().hasRounds()) {
            throw new CamureConfigurationException(
                    problem + "that is a " + group.definition().kind().name() + ".",
                    "Name one of the barriers, which are " + barriers + ".");
        }
        return group;
    }

    private @Nullable Duration timeout(Method method, CamureBarrier annotation) {
        String timeout = text(annotation.timeout());
        if (!StringUtils.hasText(timeout)) {
            return null;
        }
        try {
            Duration duration = DurationFormatterUtils.detectAndParse(timeout);
            if (!duration.isZero() && !duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as is a value that is too small.
        }
        throw new CamureConfigurationException(
                name(method) + " has @CamureBarrier with timeout = " + annotation.timeout()
                        + ", which is not a duration above zero.",
                "Set it to 500ms, 30s or 5m, for example, or leave it out.");
    }

    private String text(String value) {
        return String.valueOf(beanFactory.resolveEmbeddedValue(value));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
