package io.camure.spring.boot.autoconfigure;

import io.camure.Barrier;
import io.camure.BarrierGroup;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.Group;
import io.camure.Member;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionOverrideException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Registers the beans that depend on the configured role and groups. Spring has this done again when an application that was
 * processed ahead of time starts, so that role, groups and {@code camure.enabled} can be chosen then.
 */
final class CamureBeanRegistrar implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        CamureProperties properties = Binder.get(environment).bindOrCreate("camure", CamureProperties.class);
        SessionPlan plan = SessionPlan.of(properties, environment.getProperty("spring.application.name"));
        if (plan != null) {
            registerSession(registry, plan);
            plan.groups().forEach(group -> registerGroup(registry, group, beanType(plan.role(), group)));
            GroupAliases aliases = new GroupAliases(plan.groups());
            registry.registerBean(
                    "camureGroupAliases",
                    GroupAliases.class,
                    spec -> spec.supplier(context -> aliases).infrastructure());
        }
    }

    private static void registerSession(BeanRegistry registry, SessionPlan plan) {
        if (plan instanceof CoordinatorPlan coordinator) {
            registry.registerBean(
                    "camureSession",
                    CoordinatorLifecycle.class,
                    spec -> spec.supplier(context -> new CoordinatorLifecycle(coordinator)));
            registerSessionProxy(registry, "camureCoordinator", Coordinator.class);
        } else if (plan instanceof MemberPlan member) {
            registry.registerBean(
                    "camureSession",
                    MemberLifecycle.class,
                    spec -> spec.supplier(context -> new MemberLifecycle(member)));
            registerSessionProxy(registry, "camureMember", Member.class);
        }
    }

    private static <T> void registerSessionProxy(BeanRegistry registry, String name, Class<T> type) {
        registry.registerBean(
                name,
                type,
                spec -> spec.supplier(
                        context -> CurrentObjectInterceptor.session(type, context.bean(CamureSession.class))));
    }

    private static Class<? extends Group> beanType(Role role, GroupPlan group) {
        boolean coordinator = role == Role.COORDINATOR;
        return switch (group.type()) {
            case BARRIER -> coordinator ? BarrierGroup.class : Barrier.class;
            case BROADCAST -> coordinator ? BroadcastGroup.class : BroadcastReceiver.class;
        };
    }

    private static <T> void registerGroup(BeanRegistry registry, GroupPlan group, Class<T> type) {
        try {
            registry.registerBean(
                    group.name(),
                    type,
                    spec -> spec.description("camure " + group.description())
                            .supplier(context -> CurrentObjectInterceptor.group(
                                    type,
                                    context.bean(CamureSession.class)
                                            .group(group.name())
                                            .orElseThrow())));
        } catch (BeanDefinitionOverrideException e) {
            throw new CamureConfigurationException(
                    "camure.groups." + group.name() + " can't be a bean, since there is a bean of this name already: "
                            + whereDefined(e.getExistingDefinition()) + ".",
                    "Rename the group or that bean.");
        }
    }

    private static @Nullable String whereDefined(BeanDefinition definition) {
        String source = definition.getResourceDescription();
        return source != null ? source : definition.getBeanClassName();
    }
}
