package io.camure.spring.flip;

import io.camure.CollectiveConfig;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureFlip;
import io.camure.spring.FlipResult;
import io.camure.spring.GroupMismatchException;
import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.UnknownGroupException;
import io.camure.spring.collective.CollectiveAdapter;
import io.camure.spring.kind.Role;
import io.camure.spring.payload.PayloadConverter;
import io.camure.spring.session.GroupBinding;
import io.camure.spring.session.SessionBindings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.util.StringUtils;

/** Finds the beans with {@link CamureFlip} once all singletons are there, and has their groups flip together. Thread-safe. */
public final class FlipGroups
        implements SmartInitializingSingleton, ApplicationListener<PayloadApplicationEvent<MemberJoinedEvent>> {

    private final ConfigurableListableBeanFactory beanFactory;
    private final SessionBindings sessions;
    private final PayloadConverter converter;
    private final List<GroupSteps> own;

    /** By the names of the groups. Not changed once it is set. */
    private volatile Map<String, FlipGroup> groups = Map.of();

    /** @param own what camure itself flips */
    public FlipGroups(
            ConfigurableListableBeanFactory beanFactory,
            SessionBindings sessions,
            PayloadConverter converter,
            List<GroupSteps> own) {
        this.beanFactory = beanFactory;
        this.sessions = sessions;
        this.converter = converter;
        this.own = List.copyOf(own);
    }

    @Override
    public void afterSingletonsInstantiated() {
        Map<String, Steps> found = new LinkedHashMap<>(annotated());
        for (GroupSteps each : own) {
            requireGroup(each.group(), each.toString());
            Steps other = found.putIfAbsent(each.group(), each);
            if (other != null) {
                throw new CamureConfigurationException(
                        each + ", and " + other + " has @CamureFlip(\"" + each.group() + "\").",
                        "Give one of them a group of its own.");
            }
        }
        Map<String, FlipGroup> all = new LinkedHashMap<>();
        found.forEach((name, steps) -> {
            GroupBinding group = sessions.group(name).orElseThrow();
            all.put(
                    name,
                    new FlipGroup(
                            group,
                            config(group).orElseThrow().maximumValueBytes(),
                            new InApplication(steps, beanFactory.getBeanClassLoader())));
        });
        groups = all;
        all.values().forEach(FlipGroup::start);
    }

    private static Optional<CollectiveConfig<?>> config(GroupBinding group) {
        return CollectiveAdapter.of(group).map(CollectiveAdapter::config);
    }

    /** By the names of the groups. */
    private Map<String, FlipMethods> annotated() {
        Map<String, FlipMethods> found = new LinkedHashMap<>();
        for (String bean : beanFactory.getBeanNamesForAnnotation(CamureFlip.class)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(bean)
                    ? null
                    : AutoProxyUtils.determineTargetClass(beanFactory, bean);
            CamureFlip annotation = beanFactory.findAnnotationOnBean(bean, CamureFlip.class);
            if (type != null && annotation != null) {
                FlipMethods methods = new FlipMethods(beanFactory, converter, bean, type);
                String group = String.valueOf(beanFactory.resolveEmbeddedValue(annotation.group()));
                requireGroup(group, methods + " has @CamureFlip(\"" + group + "\")");
                FlipMethods other = found.putIfAbsent(group, methods);
                if (other != null) {
                    throw new CamureConfigurationException(
                            other + " and " + methods + " both have @CamureFlip(\"" + group + "\").",
                            "Remove one of them, or give it a group of its own.");
                }
                methods.requireUsable();
            }
        }
        return found;
    }

    /** @param asked what of the application names it */
    private void requireGroup(String name, String asked) {
        String remedy = "Set camure.groups." + name + ".type to collective and .payload-type to byte[].";
        if (!StringUtils.hasText(name)) {
            throw new CamureConfigurationException(
                    asked + ", which names no group.", "Name a collective of camure.groups there.");
        }
        GroupBinding group = sessions.group(name)
                .orElseThrow(() ->
                        new CamureConfigurationException(asked + ", but there is no group of this name.", remedy));
        CollectiveConfig<?> values = config(group).orElse(null);
        if (values == null || group.definition().payloadType() != byte[].class) {
            Class<?> payloadType = group.definition().payloadType();
            throw new CamureConfigurationException(
                    asked + ", but that is a " + group.definition().kind().name()
                            + (payloadType == null ? "" : " of " + payloadType.getTypeName())
                            + ", and no collective of byte[].",
                    remedy);
        } else if (values.reducer().isPresent()) {
            throw new CamureConfigurationException(
                    asked + ", but that group has a reducer, and is for something else.",
                    "Remove the reducer, or name a group that is for flips only.");
        }
    }

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<MemberJoinedEvent> event) {
        FlipGroup joined = groups.get(event.getPayload().group());
        if (joined != null) {
            joined.onMemberJoined();
        }
    }

    /**
     * Has all nodes of a group activate a value, or none. A failure that is no fault of the call is that of the future.
     *
     * @throws UnknownGroupException when there is no such group
     * @throws GroupMismatchException when no bean holds what it flips, or this node is a member of a session whose coordinator is configured
     */
    public CompletableFuture<FlipResult> flip(String name, byte[] value) {
        CompletableFuture<FlipResult> result = new CompletableFuture<>();
        // Not a stage of it: that would fail with a CompletionException around the failure.
        flipWithNotes(name, value).whenComplete((flipped, failure) -> {
            if (failure == null) {
                result.complete(flipped.result());
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** As {@link #flip}, with what the nodes say of what they have prepared. */
    public CompletableFuture<Flipped> flipWithNotes(String name, byte[] value) {
        GroupBinding group =
                sessions.group(name).orElseThrow(() -> new UnknownGroupException("there is no group '" + name + "'"));
        FlipGroup flips = groups.get(name);
        if (flips == null) {
            throw new GroupMismatchException(
                    group + " flips nothing: there is no bean with @CamureFlip(\"" + name + "\")");
        }
        if (group.session().role() == Role.MEMBER && !group.session().isCoordinator()) {
            return CompletableFuture.failedFuture(
                    sessions.session(group.session().sessionName())
                            .orElseThrow()
                            .elected()
                            .orElseThrow(() -> new GroupMismatchException(
                                    group + " is flipped by its coordinator, which this node is not"))
                            .notCoordinating(group));
        }
        return flips.flip(value);
    }
}
